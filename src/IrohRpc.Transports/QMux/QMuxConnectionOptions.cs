namespace IrohRpc.Transports.QMux;

/// <summary>What the layer that authenticated the peer tells the connection that it starts.</summary>
internal sealed class QMuxConnectionOptions
{
    /// <summary>Who the peer proved to be.</summary>
    public required EndpointId PeerId { get; init; }

    /// <summary>The ALPN that the handshake agreed on.</summary>
    public required string Alpn { get; init; }

    /// <summary>Whether this side dialled: it is QUIC's client, and its streams have even numbers.</summary>
    public required bool IsDialler { get; init; }

    /// <summary>The transport's name, as <see cref="PeerConnection.Transport"/> shows it.</summary>
    public required string Transport { get; init; }

    /// <summary>Where the peer is.</summary>
    public required TransportAddress RemoteAddress { get; init; }

    /// <summary>The local end of the path.</summary>
    public required TransportAddress LocalAddress { get; init; }

    /// <summary>Stream limits, windows, times, clock and log. Its certificates are not looked at here.</summary>
    public required TransportSettings Settings { get; init; }

    /// <summary>Disposed exactly once, after the duplex stream was disposed. The handshake's part of it is the caller's.</summary>
    public IHandshakeLease? Lease { get; init; }

    /// <summary>
    /// Ends the sending side of the duplex stream gracefully, so that the peer reads everything and then its end. Called at most once,
    /// never together with a write but often during a read, which SslStream.ShutdownAsync does not bear. Null does nothing.
    /// </summary>
    public Func<CancellationToken, ValueTask>? ShutdownSendAsync { get; init; }
}
