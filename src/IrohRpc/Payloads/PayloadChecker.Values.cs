using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.Payloads;

// Values without parts.
internal ref partial struct PayloadChecker
{
    private bool SkipFixed(PayloadShape shape, int count)
    {
        int start = _at;
        if (!Skip(count * shape.Size))
        {
            return false;
        }

        if (_clearsGaps && shape.Gaps.Length > 0)
        {
            // These bytes are a buffer's that is being written.
            Span<byte> written = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(_bytes[start..]), count * shape.Size);
            for (; written.Length > 0; written = written[shape.Size..])
            {
                FixedGap.Clear(shape.Gaps, written[..shape.Size]);
            }
        }

        return true;
    }

    private bool CheckFixed(PayloadShape shape)
    {
        int start = _at;
        if (!SkipFixed(shape, 1))
        {
            return false;
        }

        ref readonly byte first = ref _bytes[start];
        foreach (ref readonly FixedRule rule in shape.Rules.AsSpan())
        {
            if (!rule.Allows(in first))
            {
                if (rule.Name.Length > 0)
                {
                    FailWithin("." + rule.Name);
                }

                return Fail($"is no {rule.Kind}");
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CheckText(PayloadShape shape, bool allowsNull)
    {
        int taken = PayloadText.TakeAscii(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _at), Left);
        _at += taken;
        return taken > 0 ? Charge(PayloadText.MemoryOf(taken) + shape.Heap) : CheckOtherText(shape, allowsNull);
    }

    private bool CheckOtherText(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadInt32(out int header))
        {
            return false;
        }

        switch (header)
        {
            case 0:
                return shape.Heap == 0 || Charge(shape.Heap);
            case -1:
                return CheckNull(allowsNull);
            case > 0:
                return CheckUtf16(header, shape.Heap);
            default:
                return CheckUtf8(~header, shape.Heap);
        }
    }

    private bool CheckUtf8(int length, int heap)
    {
        if (!TryReadInt32(out int characters))
        {
            return false;
        }

        if (length > Left)
        {
            return FailTooShort();
        }

        ReadOnlySpan<byte> text = _bytes.Slice(_at, length);
        _at += length;

        int actual = PayloadText.CountCharacters(text);
        if (actual < 0)
        {
            return Fail("is no UTF-8");
        }

        // MemoryPack writes -1 where it was not told.
        return characters != actual && characters != -1
            ? Fail($"has {actual} characters and says {characters}")
            : Charge(PayloadText.StringHeader + heap + (2L * actual));
    }

    private bool CheckUtf16(int length, int heap)
    {
        if (length > Left / 2)
        {
            return FailTooShort();
        }

        ReadOnlySpan<byte> bytes = _bytes.Slice(_at, 2 * length);
        _at += bytes.Length;
        return IsUtf16(bytes) ? Charge(PayloadText.StringHeader + heap + bytes.Length) : Fail("is no UTF-16: half of a surrogate pair stands alone");
    }

    private static bool IsUtf16(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<char> text = MemoryMarshal.Cast<byte, char>(bytes);
        int at;
        while ((at = text.IndexOfAnyInRange('\uD800', '\uDFFF')) >= 0)
        {
            if (at + 1 >= text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return false;
            }

            text = text[(at + 2)..];
        }

        return true;
    }

    private bool CheckCharacters(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadInt32(out int length))
        {
            return false;
        }

        return length switch
        {
            -1 => CheckNull(allowsNull),
            < 0 => FailLength(length),
            _ => CheckUtf16(length, shape.Heap),
        };
    }

    private bool CheckBigInteger(PayloadShape shape)
    {
        if (!TryReadInt32(out int length))
        {
            return false;
        }

        return length < 0 ? FailLength(length) : Skip(length) && Charge(shape.Heap + length);
    }

    private bool CheckBitArray(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte count))
        {
            return false;
        }

        if (count == Null)
        {
            return CheckNull(allowsNull);
        }

        if (count != 2)
        {
            return FailCount(count, 2);
        }

        if (!TryReadInt32(out int bits) || !TryReadInt32(out int words))
        {
            return false;
        }

        if (bits < 0 || words != (int)(((long)bits + 31) / 32))
        {
            return Fail($"says that it has {bits} bits in {words} words");
        }

        return words > Left / sizeof(int) ? FailTooShort() : Skip(words * sizeof(int)) && Charge(shape.Heap + (2L * words * sizeof(int)));
    }

    private bool CheckPackedBits(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadInt32(out int length))
        {
            return false;
        }

        return length switch
        {
            -1 => CheckNull(allowsNull),
            < 0 => FailLength(length),
            _ => Skip((int)Math.Min(int.MaxValue, ((long)length + 31) / 32 * sizeof(int))) && Charge(shape.Heap + length),
        };
    }

    private bool CheckVersion(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte count))
        {
            return false;
        }

        if (count == Null)
        {
            return CheckNull(allowsNull);
        }

        if (count != 4)
        {
            return FailCount(count, 4);
        }

        if (!TryReadInt32(out int major) || !TryReadInt32(out int minor) || !TryReadInt32(out int build) || !TryReadInt32(out int revision))
        {
            return false;
        }

        bool isVersion = major >= 0 && minor >= 0 && build >= -1 && revision >= -1 && (build >= 0 || revision == -1);
        return isVersion ? Charge(shape.Heap) : Fail("is no Version");
    }

    /// <summary>Lets the user's code find the end of what it alone can read, within the payload.</summary>
    private bool CheckOpaque(PayloadShape shape)
    {
        MemoryPackReaderOptionalState state = MemoryPackReaderOptionalStatePool.Rent(null);
        var reader = new MemoryPackReader(_bytes[_at.._end], state);
        try
        {
            shape.Skip!(ref reader);
            return reader.Consumed < 0 ? Fail("was read backwards by its formatter") : Skip(reader.Consumed);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Fail($"is not what its formatter reads: {exception.SafeMessage().TrimEnd('.')}");
        }
        finally
        {
            reader.Dispose();
            ((IDisposable)state).Dispose();
        }
    }

    private bool FailLength(int length) => Fail($"has a length of {length}");

    private bool FailCount(int actual, int expected) => Fail($"has {actual} members in place of {expected}");
}
