namespace IrohRpc.Transports.Internal;

/// <summary>What the handshake found out about a connection, and what it lives by.</summary>
internal abstract class ConnectionFacts
{
    /// <summary>Who the peer proved to be.</summary>
    public required EndpointId PeerId { get; init; }

    /// <summary>The ALPN that the handshake agreed on.</summary>
    public required string Alpn { get; init; }

    /// <summary>Whether this side dialled: it is QUIC's client, and its streams have even numbers.</summary>
    public required bool IsDialler { get; init; }

    /// <summary>Where the peer is.</summary>
    public required TransportAddress RemoteAddress { get; init; }

    /// <summary>The local end of the path.</summary>
    public required TransportAddress LocalAddress { get; init; }

    /// <summary>Stream limits, windows, times, clock and log. Its certificates are not looked at here.</summary>
    public required TransportSettings Settings { get; init; }

    /// <summary>Disposed once, when nothing of the connection is left.</summary>
    public IHandshakeLease? Lease { get; init; }
}
