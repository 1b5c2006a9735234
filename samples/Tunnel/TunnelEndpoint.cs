using System.Net;
using IrohRpc;

namespace Tunnel;

/// <summary>The endpoint of either side: its limits are a tunnel's, with many streams of which some are slow.</summary>
internal static class TunnelEndpoint
{
    /// <summary>How long Ctrl-C lets connections finish.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    private const int MaxStreams = 16 * 1024;

    // A stream that nobody reads may hold its window of the connection's: a thousand such streams fit before the others feel it.
    private const int StreamWindow = 512 * 1024;
    private const int ConnectionWindow = 1024 * StreamWindow;

    /// <summary>Binds an endpoint; without <paramref name="listenOn"/> it can only dial.</summary>
    public static async Task<PeerEndpoint> BindAsync(
        string? transport,
        IReadOnlyList<IPEndPoint> listenOn,
        SecretKey? secretKey,
        ITunnelView view,
        CancellationToken cancellationToken)
    {
        var options = new PeerEndpointOptions
        {
            SecretKey = secretKey,
            ListenOn = [.. listenOn],
            MaxInboundBidirectionalStreams = MaxStreams,
            StreamReceiveWindow = StreamWindow,
            ConnectionReceiveWindow = ConnectionWindow,
            IdleTimeout = TimeSpan.FromSeconds(10),
            KeepAliveInterval = TimeSpan.FromSeconds(3),
            DrainTimeout = DrainLimit + Goodbye.Limit + TimeSpan.FromSeconds(1),
        };
        if (transport is not null)
        {
            options.Transports = [.. options.Transports.Where(one => one.Name == transport)];
        }

        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, cancellationToken);
        foreach (UnavailableTransport unavailable in endpoint.UnavailableTransports)
        {
            view.Line(unavailable.Reason);
        }

        return endpoint;
    }
}
