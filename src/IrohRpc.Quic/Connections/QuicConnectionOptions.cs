using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Connections;

/// <summary>The limits and times of a connection. One object serves many connections; it does not change.</summary>
internal sealed record QuicConnectionOptions
{
    /// <summary>How much the peer may send before it hears more: what bounds the memory for receiving.</summary>
    public required StreamLimits Limits { get; init; }

    /// <summary>
    /// How far a stream may be ahead of its reader where the path does not hold more, in bytes; null for what <see cref="Limits"/> says. It grows from
    /// there to twice what the path holds.
    /// </summary>
    public long? UsualStreamWindow { get; init; }

    /// <summary>How far a stream may be ahead of its reader at most, in bytes.</summary>
    public long LongestStreamWindow { get; init; } = 16 * 1024 * 1024;

    /// <summary>After how long without a sign of life the connection ends; zero for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long this side is silent at most; null for as long as it likes.</summary>
    public TimeSpan? KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the handshake may take.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long this side keeps an acknowledgement back at most.</summary>
    public TimeSpan MaxAckDelay { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The longest datagram that this side receives, in bytes.</summary>
    public int MaxUdpPayloadSize { get; init; } = 1472;

    /// <summary>The longest datagram that is searched for, in bytes; with 1,200 nothing longer is.</summary>
    public int MaxDatagramSize { get; init; } = Congestion.MtuDiscovery.DefaultMaxSize;

    /// <summary>A longer one that is tried where the path carries those and much is sent; zero for none.</summary>
    public int JumboDatagramSize { get; init; }

    /// <summary>Whether packets are marked as able to carry congestion marks.</summary>
    public bool UsesEcn { get; init; } = true;

    /// <summary>Whether DATAGRAM frames (RFC 9221) are received.</summary>
    public bool AcceptsDatagrams { get; init; } = true;

    /// <summary>How many bytes of datagrams wait at most to be sent, and as many to be received; the oldest go first.</summary>
    public int DatagramBufferSize { get; init; } = 256 * 1024;

    /// <summary>Whether the peer is followed when its address changes.</summary>
    public bool AllowsMigration { get; init; } = true;

    /// <summary>
    /// At a client: whether the server may answer from another address than the one that was dialled, until its first Handshake packet is
    /// authentic, as iroh's clients allow that send their first packet to all addresses they know.
    /// </summary>
    public bool AllowsServerAddressChange { get; init; } = true;

    /// <summary>How many ids the peer is given, as far as it keeps so many.</summary>
    public int ConnectionIdCount { get; init; } = 4;

    /// <summary>Whether several paths at once and NAT traversal are offered; they are used where the peer offers them too.</summary>
    public bool UsesMultipath { get; init; }

    /// <summary>The highest path id that the peer may use at first.</summary>
    public long InitialMaxPathId { get; init; } = 7;

    /// <summary>Whether peers that want it are told the addresses at which they are seen.</summary>
    public bool ReportsAddresses { get; init; }

    /// <summary>Whether the peer is asked at which address it sees this side.</summary>
    public bool WantsObservedAddress { get; init; }
}
