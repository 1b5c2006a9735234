using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace IrohRpc.Multiplexing.Streams;

/// <summary>QUIC's variable-length integers (RFC 9000, section 16): the two highest bits say how many bytes there are.</summary>
internal static class VariableLengthInteger
{
    /// <summary>The largest value: 2^62-1.</summary>
    public const long MaxValue = (1L << 62) - 1;

    /// <summary>The most bytes that a value takes.</summary>
    public const int MaxLength = 8;

    /// <summary>The largest value that a fixed width of two bytes holds.</summary>
    public const int MaxTwoByteValue = (1 << 14) - 1;

    /// <summary>How many bytes the shortest encoding of <paramref name="value"/> takes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int LengthOf(long value) => value switch
    {
        < 1L << 6 => 1,
        < 1L << 14 => 2,
        < 1L << 30 => 4,
        _ => 8,
    };

    /// <summary>Reads a value.</summary>
    /// <param name="source">Starts with the value.</param>
    /// <param name="value">The value, where the result is not zero.</param>
    /// <returns>How many bytes the value takes; zero where <paramref name="source"/> holds only a part of it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TryRead(ReadOnlySpan<byte> source, out long value)
    {
        if (source.IsEmpty)
        {
            value = 0;
            return 0;
        }

        int first = source[0];
        if (first < 0x40)
        {
            value = first;
            return 1;
        }

        return TryReadLonger(source, out value);
    }

    /// <summary>Writes the shortest encoding.</summary>
    /// <param name="destination">Has room for it.</param>
    /// <param name="value">From 0 to <see cref="MaxValue"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Write(Span<byte> destination, long value)
    {
        switch (LengthOf(value))
        {
            case 1:
                destination[0] = (byte)value;
                return 1;
            case 2:
                WriteTwoBytes(destination, (int)value);
                return 2;
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)value | 0x8000_0000);
                return 4;
            default:
                BinaryPrimitives.WriteUInt64BigEndian(destination, (ulong)value | 0xC000_0000_0000_0000);
                return 8;
        }
    }

    /// <summary>Writes a value in two bytes whatever it is, so that its place can be kept free before it is known.</summary>
    /// <param name="destination">Has room for two bytes.</param>
    /// <param name="value">From 0 to <see cref="MaxTwoByteValue"/>.</param>
    public static void WriteTwoBytes(Span<byte> destination, int value)
        => BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(value | 0x4000));

    private static int TryReadLonger(ReadOnlySpan<byte> source, out long value)
    {
        int length = 1 << (source[0] >> 6);
        if (source.Length < length)
        {
            value = 0;
            return 0;
        }

        value = length switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(source) & 0x3FFF,
            4 => BinaryPrimitives.ReadUInt32BigEndian(source) & 0x3FFF_FFFF,
            _ => (long)(BinaryPrimitives.ReadUInt64BigEndian(source) & 0x3FFF_FFFF_FFFF_FFFF),
        };
        return length;
    }
}
