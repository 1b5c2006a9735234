namespace IrohRpc;

/// <summary>A peer that is connected, as of the moment of asking: <see cref="RpcClientExtensions.GetConnectedPeers"/>.</summary>
/// <param name="Id">Who it is, as proved in the handshakes.</param>
/// <param name="Connections">Its connections, whoever dialled. They stay their owners': closing one sends the peer away, and it may come back.</param>
/// <param name="CallsInProgress">How many calls of the peer's this endpoint is handling.</param>
public sealed record ConnectedPeer(EndpointId Id, IReadOnlyList<PeerConnection> Connections, int CallsInProgress);
