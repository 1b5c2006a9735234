using System.Buffers.Binary;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Packets;

/// <summary>
/// Writes the headers of packets that have a number. A long header keeps two bytes free for the length, which is known only when
/// the payload is complete: <see cref="SetLength"/> fills them in.
/// </summary>
internal static class PacketHeaderWriter
{
    /// <summary>The most bytes of a header without a token, packet number included.</summary>
    public const int MaxLength = 1 + 4 + 1 + ConnectionId.MaxLength + 1 + ConnectionId.MaxLength + 1 + LengthLength + PacketNumber.MaxLength;

    private const int LengthLength = 2;

    /// <summary>Writes the header of an Initial, 0-RTT or Handshake packet.</summary>
    /// <param name="destination">Has room for it.</param>
    /// <param name="type">The type.</param>
    /// <param name="receiver">The receiver's connection id.</param>
    /// <param name="sender">The sender's connection id.</param>
    /// <param name="token">An Initial's token; ignored otherwise.</param>
    /// <param name="packetNumber">The packet number.</param>
    /// <param name="packetNumberLength">How many bytes of it are written, 1 to 4.</param>
    /// <returns>Where the packet number starts. The payload starts <paramref name="packetNumberLength"/> bytes later.</returns>
    public static int WriteLong(
        Span<byte> destination,
        PacketType type,
        in ConnectionId receiver,
        in ConnectionId sender,
        ReadOnlySpan<byte> token,
        long packetNumber,
        int packetNumberLength)
    {
        destination[0] = (byte)(HeaderBits.LongForm | HeaderBits.Fixed | ((int)type << HeaderBits.LongTypeShift) | (packetNumberLength - 1));
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], QuicVersion.Version1);
        int written = 5;
        written += WriteConnectionId(destination[written..], receiver);
        written += WriteConnectionId(destination[written..], sender);
        if (type == PacketType.Initial)
        {
            written += VariableLengthInteger.Write(destination[written..], token.Length);
            token.CopyTo(destination[written..]);
            written += token.Length;
        }

        written += LengthLength;
        PacketNumber.Write(destination[written..], packetNumber, packetNumberLength);
        return written;
    }

    /// <summary>Fills in the length of a packet with a long header.</summary>
    /// <param name="packet">The packet, authentication tag included.</param>
    /// <param name="packetNumberOffset">What <see cref="WriteLong"/> returned.</param>
    public static void SetLength(Span<byte> packet, int packetNumberOffset)
        => VariableLengthInteger.WriteTwoBytes(packet[(packetNumberOffset - LengthLength)..], packet.Length - packetNumberOffset);

    /// <summary>Writes the header of a 1-RTT packet. The key phase is set where the packet is sealed.</summary>
    /// <returns>Where the packet number starts.</returns>
    public static int WriteShort(
        Span<byte> destination, in ConnectionId receiver, bool spin, long packetNumber, int packetNumberLength)
    {
        destination[0] = (byte)(HeaderBits.Fixed | (spin ? HeaderBits.Spin : 0) | (packetNumberLength - 1));
        receiver.Span.CopyTo(destination[1..]);
        int offset = 1 + receiver.Length;
        PacketNumber.Write(destination[offset..], packetNumber, packetNumberLength);
        return offset;
    }

    internal static int WriteConnectionId(Span<byte> destination, in ConnectionId connectionId)
    {
        destination[0] = (byte)connectionId.Length;
        connectionId.Span.CopyTo(destination[1..]);
        return 1 + connectionId.Length;
    }
}
