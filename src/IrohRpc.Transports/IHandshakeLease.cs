namespace IrohRpc.Transports;

/// <summary>The place that one admitted connection takes, from before its handshake to its end.</summary>
public interface IHandshakeLease : IDisposable
{
    /// <summary>The handshake is done: the place counts as a connection from now on, no longer as a handshake in progress.</summary>
    /// <param name="peerId">Who the peer proved to be.</param>
    void HandshakeCompleted(EndpointId peerId);

    /// <summary>The same, with the connection, which may be closed for another dialler while its streams carry nothing. Without its own implementation it is never chosen for that.</summary>
    /// <param name="connection">The connection.</param>
    void HandshakeCompleted(PeerConnection connection) => HandshakeCompleted(connection.PeerId);

    /// <summary>
    /// Shows the handshake to whoever gave the place, who may give it up for another dialler while its own is silent. A transport that does not call this keeps its
    /// place until the handshake has ended.
    /// </summary>
    /// <param name="handshake">The handshake.</param>
    void Begin(IPendingHandshake handshake)
    {
    }
}
