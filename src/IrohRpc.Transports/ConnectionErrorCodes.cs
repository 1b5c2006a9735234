namespace IrohRpc;

/// <summary>
/// The codes with which endpoints and routers close connections for reasons of their own. Protocols choose theirs outside of the
/// range from <see cref="FirstReserved"/> to <see cref="LastReserved"/>, of which transports take the first 16 for themselves.
/// </summary>
public static class ConnectionErrorCodes
{
    /// <summary>All is well: the protocol came to its end.</summary>
    public const long NoError = 0;

    /// <summary>The first code that is not for protocols to use: "IROH" in ASCII and a zero byte.</summary>
    public const long FirstReserved = 0x49_52_4f_48_00;

    /// <summary>The last code that is not for protocols to use.</summary>
    public const long LastReserved = 0x49_52_4f_48_ff;

    /// <summary>
    /// The acceptor turned the connection away once it knew who the peer is, by its admission rule, and will do so again. Operations on a connection that was closed with it throw
    /// <see cref="PeerErrorKind.Refused"/>.
    /// </summary>
    public const long Refused = FirstReserved + 0x10;

    /// <summary>
    /// The acceptor turned the connection away for now: it has as many of this peer as it takes. Operations on a connection that was closed with it throw
    /// <see cref="PeerErrorKind.Refused"/>. Another attempt may succeed, unlike after <see cref="Refused"/>.
    /// </summary>
    public const long Busy = FirstReserved + 0x15;

    /// <summary>
    /// The acceptor had as many connections as it takes, and this one had carried nothing for longest: another dialler has its place. Another attempt may succeed.
    /// </summary>
    public const long GaveWay = FirstReserved + 0x16;

    /// <summary>The endpoint or router went away while the connection was in use. Another attempt may find it back.</summary>
    public const long ShuttingDown = FirstReserved + 0x11;

    /// <summary>The acceptor's protocol handler failed. What went wrong stays with the acceptor.</summary>
    public const long HandlerFailed = FirstReserved + 0x12;

    /// <summary>The acceptor stopped to serve the protocol between the handshake and now.</summary>
    public const long NotServed = FirstReserved + 0x13;

    /// <summary>The dialler reached the same peer by another address first and does not need this connection.</summary>
    public const long LostRace = FirstReserved + 0x14;
}
