namespace IrohRpc.Transports;

/// <summary>The place that one admitted connection takes, from before its handshake to its end.</summary>
public interface IHandshakeLease : IDisposable
{
    /// <summary>The handshake is done: the place counts as a connection from now on, no longer as a handshake in progress.</summary>
    /// <param name="peerId">Who the peer proved to be.</param>
    void HandshakeCompleted(EndpointId peerId);
}
