using System.Buffers.Binary;

namespace IrohRpc.Testing.Internal;

/// <summary>
/// Addresses within a <see cref="MemoryNetwork"/>: custom addresses whose data is the network's number (8 bytes), the host's (4) and the
/// port's (4), big-endian.
/// </summary>
internal readonly record struct MemoryAddress(long Network, int Host, int Port)
{
    /// <summary>"memory" in ASCII.</summary>
    public const ulong TransportNumber = 0x6d656d6f7279;

    private const int Size = 16;

    public TransportAddress ToTransportAddress()
    {
        Span<byte> data = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(data, Network);
        BinaryPrimitives.WriteInt32BigEndian(data[8..], Host);
        BinaryPrimitives.WriteInt32BigEndian(data[12..], Port);
        return TransportAddress.Custom(TransportNumber, data);
    }

    public static bool TryRead(TransportAddress address, out MemoryAddress result)
    {
        ReadOnlySpan<byte> data = address.Data.Span;
        if (address.Kind != TransportAddressKind.Custom || address.Number != TransportNumber || data.Length != Size)
        {
            result = default;
            return false;
        }

        result = new MemoryAddress(
            BinaryPrimitives.ReadInt64BigEndian(data),
            BinaryPrimitives.ReadInt32BigEndian(data[8..]),
            BinaryPrimitives.ReadInt32BigEndian(data[12..]));
        return true;
    }
}
