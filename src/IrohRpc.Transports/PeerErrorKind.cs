namespace IrohRpc;

/// <summary>What went wrong between two peers, for a program to switch on. The message of the exception is for people.</summary>
public enum PeerErrorKind
{
    /// <summary>None of the others; the inner exception says more.</summary>
    Unknown = 0,

    /// <summary>Nothing listens at the address, or the network said that it cannot be reached.</summary>
    Unreachable,

    /// <summary>The peer is there and turned the connection away, by its admission rules or its limits.</summary>
    Refused,

    /// <summary>The acceptor speaks none of the ALPNs that the dialler offered.</summary>
    NoCommonAlpn,

    /// <summary>The peer at the address proved to be another than the one that was dialled.</summary>
    WrongPeer,

    /// <summary>The peer could not prove who it is: its certificate breaks the libp2p TLS specification.</summary>
    AuthenticationFailed,

    /// <summary>A dial, a handshake or another bounded wait ran out of time.</summary>
    TimedOut,

    /// <summary>The peer closed the connection with an application code.</summary>
    ClosedByPeer,

    /// <summary>This side closed the connection, or disposed of what the operation needs.</summary>
    ClosedLocally,

    /// <summary>The connection was lost: no goodbye, or the transport below it failed.</summary>
    ConnectionLost,

    /// <summary>Nothing was heard from the peer for the idle time-out.</summary>
    IdleTimeout,

    /// <summary>The peer broke the rules of the transport's protocol.</summary>
    ProtocolViolation,

    /// <summary>The peer aborted this direction of the stream with an application code.</summary>
    StreamAborted,

    /// <summary>This side aborted this direction of the stream, by call, by cancelling or by disposing.</summary>
    StreamAbortedLocally,

    /// <summary>No transport at hand can do this: QUIC without libmsquic, or an address that none understands.</summary>
    TransportUnsupported,

    /// <summary>The peer has no address that could be tried.</summary>
    NoAddress,

    /// <summary>The local address could not be bound.</summary>
    AddressInUse,
}
