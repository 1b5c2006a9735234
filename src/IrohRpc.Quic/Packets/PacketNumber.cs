namespace IrohRpc.Quic.Packets;

/// <summary>Packet numbers travel truncated to their low bytes (RFC 9000, section 17.1 and appendix A).</summary>
internal static class PacketNumber
{
    /// <summary>The largest packet number: 2^62-1. A connection that gets there closes without a word.</summary>
    public const long MaxValue = (1L << 62) - 1;

    /// <summary>The most bytes of a truncated number.</summary>
    public const int MaxLength = 4;

    /// <summary>
    /// How many bytes a number needs so that a peer that knows of no packet after <paramref name="largestAcknowledged"/> reads it
    /// right: it must express more than twice the distance.
    /// </summary>
    /// <param name="packetNumber">The number to send.</param>
    /// <param name="largestAcknowledged">The largest number that the peer acknowledged in this space, or -1.</param>
    public static int EncodedLength(long packetNumber, long largestAcknowledged) => (packetNumber - largestAcknowledged) switch
    {
        < 1 << 7 => 1,
        < 1 << 15 => 2,
        < 1 << 23 => 3,
        < 1L << 31 => 4,
        _ => throw new InvalidOperationException("Too many packets are unacknowledged for a packet number to be encoded."),
    };

    /// <summary>Writes the low bytes of a number.</summary>
    public static void Write(Span<byte> destination, long packetNumber, int length)
    {
        for (int i = length - 1; i >= 0; i--)
        {
            destination[i] = (byte)packetNumber;
            packetNumber >>= 8;
        }
    }

    /// <summary>Reads a number's low bytes.</summary>
    public static long ReadTruncated(ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        foreach (byte b in bytes)
        {
            value = (value << 8) | b;
        }

        return value;
    }

    /// <summary>The number with these low bytes that is closest to the next expected one.</summary>
    /// <param name="truncated">The low bytes.</param>
    /// <param name="length">How many there are, 1 to 4.</param>
    /// <param name="largestReceived">The largest number received in this space, or -1.</param>
    public static long Decode(long truncated, int length, long largestReceived)
    {
        long expected = largestReceived + 1;
        long window = 1L << (length * 8);
        long half = window / 2;
        long candidate = (expected & ~(window - 1)) | truncated;
        if (candidate <= expected - half && candidate <= MaxValue - window)
        {
            return candidate + window;
        }

        return candidate > expected + half && candidate >= window ? candidate - window : candidate;
    }
}
