namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>What a message between a relay and its client is: the first byte of each WebSocket message.</summary>
internal enum RelayFrameType : byte
{
    /// <summary>To the client: 16 random bytes to sign.</summary>
    ServerChallenge = 0,

    /// <summary>To the relay: the client's id and its signature of the challenge.</summary>
    ClientAuth = 1,

    /// <summary>To the client: it is let in.</summary>
    ServerConfirmsAuth = 2,

    /// <summary>To the client: it is not let in, and why.</summary>
    ServerDeniesAuth = 3,

    /// <summary>To the relay: a datagram for another client.</summary>
    ClientToRelayDatagram = 4,

    /// <summary>To the relay: several datagrams of one length for another client.</summary>
    ClientToRelayDatagramBatch = 5,

    /// <summary>To the client: a datagram of another client.</summary>
    RelayToClientDatagram = 6,

    /// <summary>To the client: several datagrams of one length of another client.</summary>
    RelayToClientDatagramBatch = 7,

    /// <summary>To the client: a client that it sent datagrams to has left the relay.</summary>
    EndpointGone = 8,

    /// <summary>Either way: eight bytes to send back.</summary>
    Ping = 9,

    /// <summary>Either way: the eight bytes of a ping.</summary>
    Pong = 10,

    /// <summary>To the client, in version 1 only: what is wrong with its session, as text.</summary>
    Health = 11,

    /// <summary>To the client: the relay restarts, and when to come back.</summary>
    Restarting = 12,

    /// <summary>To the client, from version 2 on: the state of its session.</summary>
    Status = 13,
}
