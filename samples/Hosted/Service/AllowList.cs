using IrohRpc;

namespace Hosted.Service;

/// <summary>Who may connect: the ids below <c>Jobs:AllowedPeers</c>; everybody where there are none.</summary>
internal static class AllowList
{
    public static Func<EndpointId, bool>? Read(IConfiguration configuration)
    {
        HashSet<EndpointId> allowed = [.. configuration.GetSection("Jobs:AllowedPeers").GetChildren().Select(entry => EndpointId.Parse(entry.Value ?? ""))];
        return allowed.Count == 0 ? null : allowed.Contains;
    }
}
