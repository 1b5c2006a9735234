using System.Buffers.Binary;

namespace IrohRpc.Hostile;

/// <summary>The ICMP message with which a router refuses a packet that is larger than its next link carries (RFC 792, RFC 1191).</summary>
internal static class FragmentationNeeded
{
    private const int HeaderLength = 20;
    private const int MessageLength = 8;

    // Enough of the packet for its sender to know the connection.
    private const int QuotedLength = HeaderLength + 8;

    private static ReadOnlySpan<byte> Router => [10, 77, 0, 254];

    /// <summary>Makes the packet that its sender gets.</summary>
    /// <param name="packet">The IPv4 packet that is too large.</param>
    /// <param name="mtu">What the next link carries.</param>
    public static byte[] Create(ReadOnlySpan<byte> packet, int mtu)
    {
        ReadOnlySpan<byte> quoted = packet[..Math.Min(packet.Length, QuotedLength)];
        byte[] answer = new byte[HeaderLength + MessageLength + quoted.Length];
        Span<byte> header = answer.AsSpan(0, HeaderLength);
        header[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)answer.Length);
        header[8] = 64;
        header[9] = 1;
        Router.CopyTo(header[12..]);
        packet.Slice(12, 4).CopyTo(header[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], Checksum(header));

        Span<byte> message = answer.AsSpan(HeaderLength);
        message[0] = 3;
        message[1] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], (ushort)mtu);
        quoted.CopyTo(message[MessageLength..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], Checksum(message));
        return answer;
    }

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int at = 0; at < bytes.Length; at += 2)
        {
            sum += (uint)(bytes[at] << 8) | (at + 1 < bytes.Length ? bytes[at + 1] : 0u);
        }

        while (sum > ushort.MaxValue)
        {
            sum = (sum & ushort.MaxValue) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
