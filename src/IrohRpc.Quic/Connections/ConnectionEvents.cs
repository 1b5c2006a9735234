namespace IrohRpc.Quic.Connections;

/// <summary>What has happened to a connection since its owner last asked. What happened to streams is asked of the stream layer.</summary>
[Flags]
internal enum ConnectionEvents
{
    None = 0,

    /// <summary>The handshake is complete: the peer's identity and the ALPN stand, streams may be opened.</summary>
    HandshakeCompleted = 1,

    /// <summary>The connection has ended; <see cref="QuicConnection.Close"/> says how. Nothing more can be read or written.</summary>
    Ended = 2,

    /// <summary>A datagram has arrived.</summary>
    DatagramReceived = 4,

    /// <summary>There is room again for datagrams to send.</summary>
    DatagramsSent = 8,

    /// <summary>The path is another one: the peer moved, or this side did.</summary>
    PathChanged = 16,

    /// <summary>The server gave a token for later connections; <see cref="QuicConnection.TryTakeToken"/> gets it.</summary>
    TokenReceived = 32,

    /// <summary>A session ticket has arrived; <see cref="QuicConnection.TryTakeSession"/> gets it.</summary>
    SessionReceived = 64,

    /// <summary>The server took no early data: what was written at 0-RTT goes out again at 1-RTT.</summary>
    EarlyDataRejected = 128,

    /// <summary>At a server: early data is taken. Who the client is, stands; that it is not somebody's copy, stands with the handshake's end.</summary>
    EarlyDataAccepted = 512,

    /// <summary>There is another path beside the selected one, or one less.</summary>
    PathsChanged = 1024,

    /// <summary>The peer has told at which address it sees this side: <see cref="QuicConnection.ObservedAddress"/>.</summary>
    AddressObserved = 2048,

    /// <summary>Nothing is left of the connection: the owner may forget it.</summary>
    Closed = 256,
}
