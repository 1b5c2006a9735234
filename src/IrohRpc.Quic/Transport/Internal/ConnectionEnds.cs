using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>How a connection ended, in the words of <see cref="ConnectionEnd"/>.</summary>
internal static class ConnectionEnds
{
    /// <summary>Translates.</summary>
    public static ConnectionEnd From(ConnectionClose close) => close.Kind switch
    {
        ConnectionCloseKind.ClosedLocally => new ConnectionEnd(PeerErrorKind.ClosedLocally, close.ErrorCode, close.Reason),
        ConnectionCloseKind.ClosedByPeer => new ConnectionEnd(PeerErrorKind.ClosedByPeer, close.ErrorCode, close.Reason),
        ConnectionCloseKind.IdleTimeout => new ConnectionEnd(PeerErrorKind.IdleTimeout, null, ""),
        ConnectionCloseKind.StatelessReset => new ConnectionEnd(
            PeerErrorKind.ConnectionLost, null, "", new IOException("the peer was restarted and does not know the connection any more")),
        ConnectionCloseKind.EarlyDataRefused => new ConnectionEnd(
            PeerErrorKind.ConnectionLost, null, "", new IOException("the peer refused early data and is another than it was when it was met last")),
        ConnectionCloseKind.HandshakeTimeout => new ConnectionEnd(
            PeerErrorKind.ConnectionLost, null, "", new TimeoutException("the handshake took too long")),
        _ => new ConnectionEnd(PeerErrorKind.ProtocolViolation, close.ErrorCode, close.Reason, close.Exception),
    };
}
