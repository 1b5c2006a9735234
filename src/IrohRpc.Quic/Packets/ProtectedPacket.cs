namespace IrohRpc.Quic.Packets;

/// <summary>One packet of a datagram whose header was parsed as far as it is readable without keys.</summary>
internal ref struct ProtectedPacket
{
    /// <summary>The type.</summary>
    public PacketType Type;

    /// <summary>The version; 1 for a short header, which carries none.</summary>
    public uint Version;

    /// <summary>The receiver's id.</summary>
    public ConnectionId Destination;

    /// <summary>The sender's id; empty for a short header.</summary>
    public ConnectionId Source;

    /// <summary>An Initial's token, or a Retry's; empty otherwise.</summary>
    public ReadOnlySpan<byte> Token;

    /// <summary>
    /// The whole packet: for a long header as far as its length says, for a short one to the end of the datagram, for Retry and
    /// Version Negotiation the whole datagram.
    /// </summary>
    public Span<byte> Bytes;

    /// <summary>Where in <see cref="Bytes"/> the packet number starts; zero for Retry and Version Negotiation.</summary>
    public int PacketNumberOffset;
}
