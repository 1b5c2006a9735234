using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints.Sockets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Transports;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>An endpoint's settings as the connection wants them.</summary>
internal static class ConnectionOptionsOf
{
    // What is left of Ethernet's 1,500 bytes over IPv4.
    private const int EthernetPayloadSize = 1472;

    // An endpoint has one object of settings, and in most cases one transport that dials: all its connections share what comes of them.
    private static readonly ConditionalWeakTable<TransportSettings, Translated> Known = [];

    /// <summary>What a client's early data relies on (RFC 9000, section 7.4.1): a ticket that was given under other limits carries none.</summary>
    public static byte[] EarlyDataContext(QuicConnectionOptions options)
    {
        StreamLimits limits = options.Limits;
        ReadOnlySpan<long> values =
        [
            limits.MaxData, limits.MaxStreamDataBidirectionalLocal, limits.MaxStreamDataBidirectionalRemote, limits.MaxStreamDataUnidirectional,
            limits.MaxStreamsBidirectional, limits.MaxStreamsUnidirectional, options.AcceptsDatagrams ? 1 : 0,
        ];
        return MemoryMarshal.AsBytes(values).ToArray();
    }

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
        JumboDatagramSize = UsesJumboFrames(options) ? Congestion.MtuDiscovery.JumboSize : 0,
        MaxUdpPayloadSize = UsesJumboFrames(options) ? TransportParameters.DefaultMaxUdpPayloadSize : EthernetPayloadSize,
        UsesEcn = !options.UsesPlainSockets,
        UsesMultipath = settings.TraversesNats,
        ReportsAddresses = settings.TraversesNats,
        WantsObservedAddress = settings.TraversesNats,
    };

    // Elsewhere than on Linux nobody can be sure that datagrams which are too long are dropped and not cut to pieces.
    private static bool UsesJumboFrames(QuicTransportOptions options)
        => options is { DiscoversMtu: true, UsesJumboFrames: true, UsesPlainSockets: false } && LinuxUdpSocket.IsSupported;

    private sealed record Translated(QuicTransportOptions From, QuicConnectionOptions To);
}
