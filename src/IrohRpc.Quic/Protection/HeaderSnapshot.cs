using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// The bytes of a header that removing its protection changes. They are put back when a packet cannot be opened, because it may
/// still be a stateless reset, whose token can overlap with where a packet number would be.
/// </summary>
internal readonly ref struct HeaderSnapshot
{
    private readonly Span<byte> _packet;
    private readonly int _offset;
    private readonly byte _first;
    private readonly uint _number;

    public HeaderSnapshot(Span<byte> packet, int packetNumberOffset)
    {
        _packet = packet;
        _offset = packetNumberOffset;
        _first = packet[0];
        _number = BitConverter.ToUInt32(packet[packetNumberOffset..]);
    }

    public void Restore()
    {
        _packet[0] = _first;
        BitConverter.TryWriteBytes(_packet.Slice(_offset, PacketNumber.MaxLength), _number);
    }
}
