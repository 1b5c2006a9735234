using IrohRpc.Internal;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>What a hosted endpoint does otherwise than one by hand, where nobody says.</summary>
internal static class HostedDefaults
{
    /// <summary>A host that stops has 30 seconds by default; what other services need to stop comes out of them as well.</summary>
    public static TimeSpan DrainTimeout { get; } = TimeSpan.FromSeconds(20);
}
