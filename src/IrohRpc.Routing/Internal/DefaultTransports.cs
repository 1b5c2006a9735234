using IrohRpc.Transports;

namespace IrohRpc.Internal;

/// <summary>The transports of an endpoint that was given none, in order of preference.</summary>
internal static class DefaultTransports
{
    public static IReadOnlyList<ITransport> All { get; } = [QuicTransport.Instance, TlsTransport.Instance];
}
