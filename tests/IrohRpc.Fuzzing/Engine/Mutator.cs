using System.Buffers.Binary;

namespace IrohRpc.Fuzzing;

/// <summary>Makes inputs of inputs: bits, bytes and integers of every encoding that the formats here use, pieces moved, doubled, cut out and taken from elsewhere.</summary>
internal static class Mutator
{
    private const int Longest = 16 * 1024;

    private static readonly byte[] Bytes = [0, 1, 2, 3, 4, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0xbf, 0xc0, 0xfe, 0xff];

    private static readonly long[] Numbers =
    [
        0, 1, 2, 63, 64, 127, 128, 255, 256, 16383, 16384, 65535, 65536, (1 << 30) - 1, 1 << 30, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32,
        (1L << 60) - 1, 1L << 60, (1L << 62) - 1, long.MaxValue, long.MinValue, -1,
    ];

    /// <summary>An input with one to eight changes.</summary>
    public static byte[] Mutate(byte[] input, byte[] other, Random random)
    {
        byte[] bytes = input;
        for (int count = 1 << random.Next(4); count > 0; count--)
        {
            bytes = Change(bytes, other, random);
        }

        return bytes.Length > Longest ? bytes[..Longest] : bytes;
    }

    private static byte[] Change(byte[] input, byte[] other, Random random)
    {
        int at = random.Next(input.Length + 1);
        int left = input.Length - at;
        switch (random.Next(11))
        {
            case 0 or 1 when left > 0:
                byte[] flipped = [.. input];
                flipped[at] ^= (byte)(1 << random.Next(8));
                return flipped;
            case 2 when left > 0:
                byte[] set = [.. input];
                set[at] = random.Next(2) == 0 ? Bytes[random.Next(Bytes.Length)] : (byte)random.Next(256);
                return set;
            case 3 when left > 0:
                byte[] moved = [.. input];
                moved[at] += (byte)random.Next(-4, 5);
                return moved;
            case 4 when left >= 2:
                return Overwrite(input, at, random);
            case 5:
                return [.. input.AsSpan(0, at), .. VarInt(Numbers[random.Next(Numbers.Length)] & ((1L << 62) - 1)), .. input.AsSpan(Math.Min(input.Length, at + random.Next(3)))];
            case 6:
                return [.. input.AsSpan(0, at), .. Leb128((ulong)Numbers[random.Next(Numbers.Length)]), .. input.AsSpan(Math.Min(input.Length, at + random.Next(3)))];
            case 7:
                byte[] more = new byte[1 + random.Next(random.Next(8) == 0 ? 200 : 8)];
                random.NextBytes(more);
                return [.. input.AsSpan(0, at), .. more, .. input.AsSpan(at)];
            case 8 when left > 0:
                return [.. input.AsSpan(0, at), .. input.AsSpan(at + 1 + random.Next(Math.Min(left, 32)))];
            case 9 when left > 0:
                ReadOnlySpan<byte> piece = input.AsSpan(at, 1 + random.Next(Math.Min(left, 64)));
                int to = random.Next(input.Length + 1);
                return [.. input.AsSpan(0, to), .. piece, .. input.AsSpan(to)];
            case 10 when other.Length > 0:
                return [.. input.AsSpan(0, at), .. other.AsSpan(random.Next(other.Length))];
            default:
                return input[..at];
        }
    }

    private static byte[] Overwrite(byte[] input, int at, Random random)
    {
        byte[] bytes = [.. input];
        Span<byte> number = stackalloc byte[8];
        int length = random.Next(2) == 0 ? 2 : random.Next(2) == 0 ? 4 : 8;
        long value = Numbers[random.Next(Numbers.Length)];
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value);
        }
        else
        {
            BinaryPrimitives.WriteInt64BigEndian(number, value << (8 * (8 - length)));
        }

        number[..Math.Min(length, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }

    // As QUIC writes integers (RFC 9000, section 16).
    private static byte[] VarInt(long value)
    {
        byte[] buffer = new byte[8];
        return buffer[..Multiplexing.Streams.VariableLengthInteger.Write(buffer, value)];
    }

    // As postcard does.
    private static byte[] Leb128(ulong value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((value & 0x7f) | (value > 0x7f ? 0x80u : 0)));
            value >>= 7;
        }
        while (value > 0);
        return [.. bytes];
    }
}
