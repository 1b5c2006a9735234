namespace IrohRpc.Quic.Packets;

/// <summary>The frame types that belong to the connection and not to its streams (RFC 9000, section 19; RFC 9221).</summary>
internal static class QuicFrameType
{
    public const long Ping = 0x01;
    public const long Ack = 0x02;
    public const long AckEcn = 0x03;
    public const long Crypto = 0x06;
    public const long NewToken = 0x07;
    public const long NewConnectionId = 0x18;
    public const long RetireConnectionId = 0x19;
    public const long PathChallenge = 0x1a;
    public const long PathResponse = 0x1b;
    public const long HandshakeDone = 0x1e;

    /// <summary>DATAGRAM that reaches to the end of the packet.</summary>
    public const long Datagram = 0x30;

    /// <summary>DATAGRAM with a length.</summary>
    public const long DatagramWithLength = 0x31;
}
