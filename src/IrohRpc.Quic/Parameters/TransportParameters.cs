using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Parameters;

/// <summary>What each side declares in the handshake (RFC 9000, section 18.2; RFC 9221, section 3).</summary>
internal sealed record TransportParameters
{
    /// <summary>The smallest datagram size that every path carries, and the least that a side may declare as its limit.</summary>
    public const int MinUdpPayloadSize = 1200;

    /// <summary>The limit of a side that declares none.</summary>
    public const int DefaultMaxUdpPayloadSize = 65527;

    /// <summary>original_destination_connection_id: the client's first choice; from servers only.</summary>
    public ConnectionId? OriginalDestinationConnectionId { get; init; }

    /// <summary>max_idle_timeout in milliseconds; zero for none.</summary>
    public long MaxIdleTimeout { get; init; }

    /// <summary>stateless_reset_token of the id that the handshake used; from servers only.</summary>
    public StatelessResetToken? StatelessResetToken { get; init; }

    /// <summary>max_udp_payload_size: how long a datagram may be that this side receives.</summary>
    public long MaxUdpPayloadSize { get; init; } = DefaultMaxUdpPayloadSize;

    /// <summary>The limits on streams and their data.</summary>
    public StreamLimits Limits { get; init; } = StreamLimits.None;

    /// <summary>ack_delay_exponent.</summary>
    public int AckDelayExponent { get; init; } = 3;

    /// <summary>max_ack_delay in milliseconds.</summary>
    public int MaxAckDelay { get; init; } = 25;

    /// <summary>disable_active_migration.</summary>
    public bool DisableActiveMigration { get; init; }

    /// <summary>active_connection_id_limit: how many of the peer's ids this side keeps.</summary>
    public long ActiveConnectionIdLimit { get; init; } = 2;

    /// <summary>initial_source_connection_id: the id that the handshake's packets named as their source.</summary>
    public ConnectionId? InitialSourceConnectionId { get; init; }

    /// <summary>retry_source_connection_id; from servers that sent a Retry only.</summary>
    public ConnectionId? RetrySourceConnectionId { get; init; }

    /// <summary>max_datagram_frame_size: how long a DATAGRAM frame may be that this side receives; zero for none at all.</summary>
    public long MaxDatagramFrameSize { get; init; }

    /// <summary>initial_max_path_id of multipath; null where this side has only one path.</summary>
    public long? InitialMaxPathId { get; init; }

    /// <summary>How many addresses this side takes for NAT traversal; zero for no NAT traversal.</summary>
    public int MaxRemoteAddresses { get; init; }

    /// <summary>Whether this side tells peers the addresses at which it sees them.</summary>
    public bool ReportsAddresses { get; init; }

    /// <summary>Whether this side wants to be told the address at which the peer sees it.</summary>
    public bool WantsObservedAddress { get; init; }

    /// <summary>
    /// Whether a client that kept these as its server's from an earlier connection may send early data by them: the server has not lowered
    /// any (RFC 9000, section 7.4.1).
    /// </summary>
    public bool IsAtLeast(TransportParameters remembered)
        => ActiveConnectionIdLimit >= remembered.ActiveConnectionIdLimit
        && MaxDatagramFrameSize >= remembered.MaxDatagramFrameSize
        && Limits.MaxData >= remembered.Limits.MaxData
        && Limits.MaxStreamDataBidirectionalLocal >= remembered.Limits.MaxStreamDataBidirectionalLocal
        && Limits.MaxStreamDataBidirectionalRemote >= remembered.Limits.MaxStreamDataBidirectionalRemote
        && Limits.MaxStreamDataUnidirectional >= remembered.Limits.MaxStreamDataUnidirectional
        && Limits.MaxStreamsBidirectional >= remembered.Limits.MaxStreamsBidirectional
        && Limits.MaxStreamsUnidirectional >= remembered.Limits.MaxStreamsUnidirectional;
}
