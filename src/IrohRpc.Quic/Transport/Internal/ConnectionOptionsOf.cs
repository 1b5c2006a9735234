using System.Runtime.CompilerServices;
using IrohRpc.Multiplexing;
using IrohRpc.Quic.Connections;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>An endpoint's settings as the connection wants them.</summary>
internal static class ConnectionOptionsOf
{
    // An endpoint has one object of settings, and in most cases one transport that dials: all its connections share what comes of them.
    private static readonly ConditionalWeakTable<TransportSettings, Translated> Known = [];

    /// <summary>Translates settings.</summary>
    public static QuicConnectionOptions Settings(TransportSettings settings, QuicTransportOptions options)
    {
        if (Known.TryGetValue(settings, out Translated? known) && known.From == options)
        {
            return known.To;
        }

        QuicConnectionOptions to = Translate(settings, options);
        Known.AddOrUpdate(settings, new Translated(options, to));
        return to;
    }

    private static QuicConnectionOptions Translate(TransportSettings settings, QuicTransportOptions options) => new()
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

    private sealed record Translated(QuicTransportOptions From, QuicConnectionOptions To);
}
