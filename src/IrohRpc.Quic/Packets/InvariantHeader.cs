using System.Buffers.Binary;

namespace IrohRpc.Quic.Packets;

/// <summary>
/// What every version of QUIC has in its first packet of a datagram (RFC 8999): enough to find the connection, or to answer a
/// version that is not spoken here.
/// </summary>
internal readonly ref struct InvariantHeader
{
    private InvariantHeader(uint? version, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> source)
    {
        IsLong = version.HasValue;
        Version = version.GetValueOrDefault();
        DestinationConnectionId = destination;
        SourceConnectionId = source;
    }

    /// <summary>Whether the header is a long one.</summary>
    public bool IsLong { get; }

    /// <summary>The version of a long header.</summary>
    public uint Version { get; }

    /// <summary>Up to 255 bytes in versions other than 1.</summary>
    public ReadOnlySpan<byte> DestinationConnectionId { get; }

    /// <summary>Up to 255 bytes in versions other than 1; empty in a short header.</summary>
    public ReadOnlySpan<byte> SourceConnectionId { get; }

    /// <summary>Reads the header at the start of a datagram.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="localConnectionIdLength">How long the ids are that this endpoint gives out; short headers do not say.</param>
    /// <param name="header">The header, where the result is true.</param>
    /// <returns>False where the datagram ends too early, and so cannot be QUIC.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, int localConnectionIdLength, out InvariantHeader header)
    {
        header = default;
        if (datagram.IsEmpty)
        {
            return false;
        }

        if ((datagram[0] & HeaderBits.LongForm) == 0)
        {
            if (datagram.Length < 1 + localConnectionIdLength)
            {
                return false;
            }

            header = new InvariantHeader(null, datagram.Slice(1, localConnectionIdLength), default);
            return true;
        }

        if (datagram.Length < 6)
        {
            return false;
        }

        // The source id's length byte follows the destination id.
        int destinationLength = datagram[5];
        int sourceStart = 6 + destinationLength + 1;
        if (datagram.Length < sourceStart || datagram.Length < sourceStart + datagram[sourceStart - 1])
        {
            return false;
        }

        header = new InvariantHeader(
            BinaryPrimitives.ReadUInt32BigEndian(datagram[1..]),
            datagram.Slice(6, destinationLength),
            datagram.Slice(sourceStart, datagram[sourceStart - 1]));
        return true;
    }
}
