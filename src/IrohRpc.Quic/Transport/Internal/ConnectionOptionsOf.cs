using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>An endpoint's settings as the connection wants them.</summary>
internal static class ConnectionOptionsOf
{
    /// <summary>Translates settings.</summary>
    public static QuicConnectionOptions Settings(TransportSettings settings, QuicTransportOptions options) => new()
    {
        Limits = new StreamLimits
        {
            MaxData = settings.ConnectionReceiveWindow,
            MaxStreamDataBidirectionalLocal = settings.FirstStreamWindow,
            MaxStreamDataBidirectionalRemote = settings.FirstStreamWindow,
            MaxStreamDataUnidirectional = settings.FirstStreamWindow,
            MaxStreamsBidirectional = settings.MaxInboundBidirectionalStreams,
            MaxStreamsUnidirectional = settings.MaxInboundUnidirectionalStreams,
        },
        UsualStreamWindow = settings.StreamReceiveWindow,
        IdleTimeout = settings.IdleTimeout,
        KeepAliveInterval = settings.KeepAliveInterval == Timeout.InfiniteTimeSpan ? null : settings.KeepAliveInterval,
        HandshakeTimeout = settings.HandshakeTimeout,
        MaxDatagramSize = options.DiscoversMtu ? Congestion.MtuDiscovery.DefaultMaxSize : Congestion.MtuDiscovery.BaseSize,
        UsesEcn = !options.UsesPlainSockets,
    };
}
