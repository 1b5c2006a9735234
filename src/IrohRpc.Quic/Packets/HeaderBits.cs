namespace IrohRpc.Quic.Packets;

/// <summary>The bits of a header's first byte (RFC 9000, section 17).</summary>
internal static class HeaderBits
{
    public const byte LongForm = 0x80;

    /// <summary>Set in every packet of version 1 but Version Negotiation, so that QUIC can share a port with other protocols.</summary>
    public const byte Fixed = 0x40;

    public const byte LongReserved = 0x0c;
    public const byte Spin = 0x20;
    public const byte ShortReserved = 0x18;
    public const byte KeyPhase = 0x04;
    public const byte PacketNumberLength = 0x03;

    /// <summary>The bits of a long header that header protection covers.</summary>
    public const byte LongProtected = 0x0f;

    /// <summary>The bits of a short header that header protection covers.</summary>
    public const byte ShortProtected = 0x1f;

    /// <summary>How far the type is shifted in a long header.</summary>
    public const int LongTypeShift = 4;
}
