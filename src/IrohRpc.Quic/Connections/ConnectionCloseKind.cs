namespace IrohRpc.Quic.Connections;

/// <summary>How a connection ended.</summary>
internal enum ConnectionCloseKind
{
    /// <summary>This side's application closed it.</summary>
    ClosedLocally,

    /// <summary>The peer's application closed it, or the peer said a plain goodbye.</summary>
    ClosedByPeer,

    /// <summary>The peer says that this side broke the protocol, or that its TLS refused this side.</summary>
    FailedByPeer,

    /// <summary>The peer broke the protocol, or this side's TLS refused the peer.</summary>
    Violation,

    /// <summary>Nothing was heard for the idle time-out.</summary>
    IdleTimeout,

    /// <summary>The handshake took too long.</summary>
    HandshakeTimeout,

    /// <summary>The peer has lost the connection's state and said so with a stateless reset.</summary>
    StatelessReset,

    /// <summary>The server refused early data, and what was sent cannot be sent again as it was: the ALPN is another, or the limits are lower.</summary>
    EarlyDataRefused,

    /// <summary>The server speaks no version of QUIC that this side speaks.</summary>
    VersionMismatch,
}
