using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace IrohRpc.Payloads;

/// <summary>Looks at texts as MemoryPack writes them: the complement of the count of bytes, the count of characters, and UTF-8.</summary>
internal static class PayloadText
{
    /// <summary>The bytes before those of the text.</summary>
    public const int HeaderSize = 2 * sizeof(int);

    /// <summary>The memory of a string without its characters.</summary>
    public const int StringHeader = 24;

    private const int Block = 16;
    private const int LongText = 128;

    // Why a pair of bytes is no UTF-8, in bits that three tables give: the pair is wrong where all of them agree on a reason. The method is by John Keiser and
    // Daniel Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte".
    private const byte TooShort = 1;
    private const byte TooLong = 2;
    private const byte Overlong3 = 4;
    private const byte TooLarge = 8;
    private const byte Surrogate = 16;
    private const byte Overlong2 = 32;
    private const byte TooLarge1000 = 64;
    private const byte Overlong4 = 64;
    private const byte TwoContinuations = 128;
    private const byte Carry = TooShort | TooLong | TwoContinuations;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static Vector128<byte> FirstHigh => Vector128.Create(
        TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong,
        TwoContinuations, TwoContinuations, TwoContinuations, TwoContinuations,
        TooShort | Overlong2, TooShort, TooShort | Overlong3 | Surrogate, TooShort | TooLarge | TooLarge1000 | Overlong4);

    private static Vector128<byte> FirstLow => Vector128.Create(
        Carry | Overlong3 | Overlong2 | Overlong4, Carry | Overlong2, Carry, Carry,
        Carry | TooLarge, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000,
        Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000,
        Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000 | Surrogate, Carry | TooLarge | TooLarge1000, Carry | TooLarge | TooLarge1000);

    private static Vector128<byte> SecondHigh => Vector128.Create(
        TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort,
        TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge1000 | Overlong4,
        TooLong | Overlong2 | TwoContinuations | Overlong3 | TooLarge,
        TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge,
        TooLong | Overlong2 | TwoContinuations | Surrogate | TooLarge,
        TooShort, TooShort, TooShort, TooShort);

    /// <summary>Whether what begins here is a text of ASCII that is not empty.</summary>
    /// <param name="start">Where the text begins.</param>
    /// <param name="left">How many bytes there are.</param>
    /// <returns>The bytes that it takes; zero where it is another, or none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TakeAscii(ref byte start, int left)
    {
        if (left <= HeaderSize)
        {
            return 0;
        }

        // Zero for null, negative for texts that are empty or UTF-16: as numbers without a sign these are larger than what is left.
        int length = ~Unsafe.ReadUnaligned<int>(ref start);
        return (uint)(length - 1) < (uint)(left - HeaderSize)
            && Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref start, sizeof(int))) == length
            && IsAscii(ref Unsafe.Add(ref start, HeaderSize), length)
            ? HeaderSize + length
            : 0;
    }

    /// <summary>The memory of the string that <see cref="TakeAscii"/> found.</summary>
    /// <param name="taken">The bytes that it takes.</param>
    public static int MemoryOf(int taken) => StringHeader + (2 * (taken - HeaderSize));

    /// <summary>Counts the characters of a text, in UTF-16.</summary>
    /// <param name="text">What should be UTF-8.</param>
    /// <returns>-1 where it is not.</returns>
    public static int CountCharacters(ReadOnlySpan<byte> text)
        => Vector128.IsHardwareAccelerated && text.Length is Block or > Block + 2 ? CountBlocks(text) : CountScalar(text);

    private static int CountBlocks(ReadOnlySpan<byte> text)
    {
        // The first block has nothing before it; the last one overlaps with the one before where the text is no multiple of a block.
        ref byte start = ref MemoryMarshal.GetReference(text);
        var block = Vector128.LoadUnsafe(ref start);
        Vector128<byte> wrong = Errors(
            block,
            Vector128.Shuffle(block, Vector128.Create((byte)255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)),
            Vector128.Shuffle(block, Vector128.Create((byte)255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)),
            Vector128.Shuffle(block, Vector128.Create((byte)255, 255, 255, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)));
        int characters = CharactersIn(block, 0);
        int last = text.Length - Block;
        int i = Block;
        if (Avx2.IsSupported)
        {
            Vector256<byte> wideWrong = Vector256<byte>.Zero;
            for (; i <= last - Block; i += 2 * Block)
            {
                wideWrong |= WideErrorsAt(ref start, i, ref characters);
            }

            wrong |= wideWrong.GetLower() | wideWrong.GetUpper();
        }

        for (; i <= last; i += Block)
        {
            wrong |= ErrorsAt(ref start, i, out block);
            characters += CharactersIn(block, 0);
        }

        int rest = text.Length % Block;
        if (rest > 0)
        {
            wrong |= ErrorsAt(ref start, last, out block);
            characters += CharactersIn(block, Block - rest);
        }

        bool isCutOff = text[^1] >= 0xC0 || text[^2] >= 0xE0 || text[^3] >= 0xF0;
        return wrong == Vector128<byte>.Zero && !isCutOff ? characters : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ErrorsAt(ref byte start, int at, out Vector128<byte> block)
    {
        block = Vector128.LoadUnsafe(ref start, (nuint)at);
        return Errors(
            block,
            Vector128.LoadUnsafe(ref start, (nuint)(at - 1)),
            Vector128.LoadUnsafe(ref start, (nuint)(at - 2)),
            Vector128.LoadUnsafe(ref start, (nuint)(at - 3)));
    }

    /// <summary>The same for two blocks at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> WideErrorsAt(ref byte start, int at, ref int characters)
    {
        var block = Vector256.LoadUnsafe(ref start, (nuint)at);
        var oneBefore = Vector256.LoadUnsafe(ref start, (nuint)(at - 1));
        Vector256<byte> pairs = Avx2.Shuffle(Vector256.Create(FirstHigh, FirstHigh), oneBefore >> 4)
            & Avx2.Shuffle(Vector256.Create(FirstLow, FirstLow), oneBefore & Vector256.Create((byte)0x0F))
            & Avx2.Shuffle(Vector256.Create(SecondHigh, SecondHigh), block >> 4);
        Vector256<byte> mustContinue = Vector256.SubtractSaturate(Vector256.LoadUnsafe(ref start, (nuint)(at - 2)), Vector256.Create((byte)(0xE0 - 0x80)))
            | Vector256.SubtractSaturate(Vector256.LoadUnsafe(ref start, (nuint)(at - 3)), Vector256.Create((byte)(0xF0 - 0x80)));
        characters += BitOperations.PopCount(Vector256.GreaterThan(block.AsSByte(), Vector256.Create((sbyte)-65)).ExtractMostSignificantBits())
            + BitOperations.PopCount(Vector256.GreaterThanOrEqual(block, Vector256.Create((byte)0xF0)).ExtractMostSignificantBits());
        return pairs ^ (mustContinue & Vector256.Create(TwoContinuations));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Errors(Vector128<byte> block, Vector128<byte> oneBefore, Vector128<byte> twoBefore, Vector128<byte> threeBefore)
    {
        Vector128<byte> pairs = Vector128.ShuffleNative(FirstHigh, oneBefore >> 4)
            & Vector128.ShuffleNative(FirstLow, oneBefore & Vector128.Create((byte)0x0F))
            & Vector128.ShuffleNative(SecondHigh, block >> 4);

        // Two continuations in a row are right where the second is the third or fourth byte of a character, and it must be one there.
        Vector128<byte> mustContinue = Vector128.SubtractSaturate(twoBefore, Vector128.Create((byte)(0xE0 - 0x80)))
            | Vector128.SubtractSaturate(threeBefore, Vector128.Create((byte)(0xF0 - 0x80)));
        return pairs ^ (mustContinue & Vector128.Create(TwoContinuations));
    }

    /// <summary>A character for each byte that does not continue one, and a second for each that begins four bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CharactersIn(Vector128<byte> block, int counted)
    {
        uint begins = Vector128.GreaterThan(block.AsSByte(), Vector128.Create((sbyte)-65)).ExtractMostSignificantBits();
        uint begins4 = Vector128.GreaterThanOrEqual(block, Vector128.Create((byte)0xF0)).ExtractMostSignificantBits();
        return BitOperations.PopCount((begins >> counted) | ((begins4 >> counted) << Block));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsAscii(ref byte text, int length)
    {
        if (length >= Block)
        {
            return IsLongAscii(ref text, length);
        }

        // A header stands before the text, so that eight bytes which end with it are always there.
        ulong end = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, length - sizeof(ulong)));
        ulong bits = length <= sizeof(ulong)
            ? end >> (8 * (sizeof(ulong) - length))
            : end | Unsafe.ReadUnaligned<ulong>(ref text);
        return (bits & 0x8080_8080_8080_8080) == 0;
    }

    private static bool IsLongAscii(ref byte text, int length)
    {
        if (!Vector128.IsHardwareAccelerated || length > LongText)
        {
            return Ascii.IsValid(MemoryMarshal.CreateReadOnlySpan(ref text, length));
        }

        var all = Vector128.LoadUnsafe(ref text, (nuint)(length - Block));
        for (int i = 0; i < length - Block; i += Block)
        {
            all |= Vector128.LoadUnsafe(ref text, (nuint)i);
        }

        return all.ExtractMostSignificantBits() == 0;
    }

    // What is no UTF-8 costs an exception, as every refusal does in the end.
    private static int CountScalar(ReadOnlySpan<byte> text)
    {
        try
        {
            return StrictUtf8.GetCharCount(text);
        }
        catch (ArgumentException)
        {
            return -1;
        }
    }
}
