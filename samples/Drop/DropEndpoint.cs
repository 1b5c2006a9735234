using System.Net;
using IrohRpc;

namespace Drop;

internal static class DropEndpoint
{
    public static async Task<PeerEndpoint> BindAsync(
        string? transport, IReadOnlyList<IPEndPoint> listenOn, SecretKey? key, CancellationToken cancellationToken)
    {
        var options = new PeerEndpointOptions
        {
            SecretKey = key,
            ListenOn = [.. listenOn],
            StreamReceiveWindow = 4 * 1024 * 1024,
            ConnectionReceiveWindow = 16 * 1024 * 1024,
            IdleTimeout = TimeSpan.FromSeconds(10),
            KeepAliveInterval = TimeSpan.FromSeconds(3),
        };
        if (transport is not null)
        {
            options.Transports = options.Transports.Where(one => one.Name == transport).ToList() is { Count: > 0 } chosen
                ? chosen
                : throw new FormatException($"There is no transport '{transport}'; there are {string.Join(", ", options.Transports.Select(static one => one.Name))}.");
        }

        return await PeerEndpoint.BindAsync(options, cancellationToken);
    }
}
