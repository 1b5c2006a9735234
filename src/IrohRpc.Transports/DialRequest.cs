namespace IrohRpc.Transports;

/// <summary>What a dialler wants.</summary>
/// <param name="PeerId">Who must be at the address; anybody else fails the handshake.</param>
/// <param name="Alpns">What is offered. The order is the dialler's wish; the acceptor's order decides.</param>
/// <param name="Settings">As whom, and within which limits.</param>
public sealed record DialRequest(EndpointId PeerId, IReadOnlyList<string> Alpns, TransportSettings Settings)
{
    /// <summary>
    /// Whether the connection may be handed out before its handshake is complete (<see cref="PeerConnection.HandshakeCompleted"/>), where the transport has met the peer
    /// before. What is sent until then may be seen by the peer a second time, if somebody copies it. Default no.
    /// </summary>
    public bool AllowsEarlyData { get; init; }
}
