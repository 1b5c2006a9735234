namespace IrohRpc.Transports.Conformance;

/// <summary>The settings of one side in a test; the defaults are those of <see cref="TransportSettings"/>.</summary>
public sealed record PeerOptions
{
    public int BidirectionalStreams { get; init; } = 1024;

    public int UnidirectionalStreams { get; init; } = 1024;

    public int StreamWindow { get; init; } = 256 * 1024;

    public int ConnectionWindow { get; init; } = 64 * 1024 * 1024;

    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(10);

    public int Backlog { get; init; } = 256;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    public IReadOnlyList<string> Alpns { get; init; } = ["conformance/1"];

    public IHandshakeAdmission? Admission { get; init; }

    public TransportSettings ToSettings(ConformancePeer peer) => new()
    {
        Certificates = peer.Certificates,
        MaxInboundBidirectionalStreams = BidirectionalStreams,
        MaxInboundUnidirectionalStreams = UnidirectionalStreams,
        StreamReceiveWindow = StreamWindow,
        ConnectionReceiveWindow = ConnectionWindow,
        HandshakeTimeout = HandshakeTimeout,
        IdleTimeout = IdleTimeout,
        KeepAliveInterval = KeepAlive,
        AcceptBacklog = Backlog,
        TimeProvider = TimeProvider,
    };
}
