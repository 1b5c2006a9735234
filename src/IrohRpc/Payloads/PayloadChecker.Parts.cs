using System.Buffers.Binary;
using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

// Values that consist of others.
internal ref partial struct PayloadChecker
{
    private const byte WideTag = 250;

    private bool CheckParts(ReadOnlySpan<PayloadPart> parts)
    {
        foreach (ref readonly PayloadPart part in parts)
        {
            if (!Check(in part))
            {
                return FailWithin("." + part.Name);
            }
        }

        return true;
    }

    private bool CheckList(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadInt32(out int count))
        {
            return false;
        }

        return count switch
        {
            -1 => CheckNull(allowsNull),
            < 0 => FailLength(count),
            _ => Charge(shape.Heap) && CheckItems(shape, count),
        };
    }

    private bool CheckItems(PayloadShape shape, int count)
    {
        ref readonly PayloadPart item = ref shape.Parts[0];
        PayloadShape itemShape = item.Shape;
        if ((long)count * Math.Max(1, itemShape.Minimum) > Left)
        {
            return Fail($"says that it has {count} elements, which do not fit the message");
        }

        if (count == 0)
        {
            return true;
        }

        if (!Charge(shape.AnyCost + ((long)count * (shape.ItemCost + ((long)shape.Copies * itemShape.Inline)))))
        {
            return false;
        }

        switch (itemShape.Kind)
        {
            case ShapeKind.Fixed:
                return SkipFixed(itemShape, count);
            case ShapeKind.CheckedFixed:
                return CheckFixedItems(itemShape, count);
        }

        for (int i = 0; i < count; i++)
        {
            if (!Check(in item))
            {
                return FailWithin($"[{i}]");
            }
        }

        return true;
    }

    private bool CheckFixedItems(PayloadShape shape, int count)
    {
        if (shape.IsBoolean)
        {
            int wrong = _bytes.Slice(_at, count).IndexOfAnyExceptInRange((byte)0, (byte)1);
            if (wrong >= 0)
            {
                FailWithin($"[{wrong}]");
                return Fail($"is no {FixedKind.Boolean}");
            }

            return Skip(count);
        }

        for (int i = 0; i < count; i++)
        {
            if (!CheckFixed(shape))
            {
                return FailWithin($"[{i}]");
            }
        }

        return true;
    }

    private bool CheckGrid(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte count))
        {
            return false;
        }

        if (count == Null)
        {
            return CheckNull(allowsNull);
        }

        if (count != shape.Rank + 1)
        {
            return FailCount(count, shape.Rank + 1);
        }

        long total = 1;
        long largest = 1;
        for (int i = 0; i < shape.Rank; i++)
        {
            if (!TryReadInt32(out int length))
            {
                return false;
            }

            if (length < 0)
            {
                return FailLength(length);
            }

            // Also what an empty dimension hides must be an array's size.
            total *= length;
            largest *= Math.Max(1, length);
            if (largest > Array.MaxLength)
            {
                return Fail("has more elements than an array can have");
            }
        }

        if (!TryReadInt32(out int elements))
        {
            return false;
        }

        return elements != total
            ? Fail($"says that it has {elements} elements in dimensions for {total}")
            : Charge(shape.Heap) && CheckItems(shape, elements);
    }

    private bool CheckObject(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte count))
        {
            return false;
        }

        if (count == Null)
        {
            return shape.IsStruct ? FailNullStruct() : CheckNull(allowsNull);
        }

        PayloadPart[] parts = shape.Parts;
        if (count == parts.Length)
        {
            return Charge(shape.Heap) && CheckParts(parts);
        }

        // Below a version-tolerant object the two builds need not know the same members.
        return count > parts.Length || _tolerant == 0
            ? FailCount(count, parts.Length)
            : Charge(shape.Heap) && CheckParts(parts.AsSpan(0, count));
    }

    private bool CheckTolerant(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte count))
        {
            return false;
        }

        return count switch
        {
            Null => shape.IsStruct ? FailNullStruct() : CheckNull(allowsNull),
            > LastCount => Fail($"begins with {count}, which is no count of members"),
            _ => CheckTolerantMembers(shape, count, _at, isCircular: false),
        };
    }

    private bool CheckCircular(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte count))
        {
            return false;
        }

        switch (count)
        {
            case Null:
                return CheckNull(allowsNull);
            case Special:
                return TryReadLength(ref _at, out long number)
                    && (number < _objects || Fail($"refers to the object {number}, which has not begun"));
            case > LastCount:
                return Fail($"begins with {count}, which is no count of members");
            default:
                return CheckTolerantMembers(shape, count, _at, isCircular: true);
        }
    }

    private bool CheckTolerantMembers(PayloadShape shape, int count, int lengthsAt, bool isCircular)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadLength(ref _at, out long length))
            {
                return false;
            }

            sum += length;
        }

        if (isCircular)
        {
            if (!TryReadLength(ref _at, out long number))
            {
                return false;
            }

            if (number != _objects++)
            {
                return Fail($"has the number {number} in place of {_objects - 1}");
            }
        }

        if (sum > Left)
        {
            return FailTooShort();
        }

        if (!Charge(shape.Heap + (isCircular ? 48 : 0)))
        {
            return false;
        }

        _tolerant++;
        for (int i = 0; i < count; i++)
        {
            TryReadLength(ref lengthsAt, out long length);
            if (length == 0)
            {
                continue;
            }

            if (i >= shape.Parts.Length || shape.Parts[i].Shape is null)
            {
                _at += (int)length;
            }
            else if (!CheckMember(in shape.Parts[i], (int)length))
            {
                return FailWithin("." + shape.Parts[i].Name);
            }
        }

        _tolerant--;
        return true;
    }

    private bool CheckMember(in PayloadPart part, int length)
    {
        int end = _end;
        _end = _at + length;
        if (!Check(in part))
        {
            return false;
        }

        if (_at != _end)
        {
            return Fail($"is {_end - _at} bytes shorter than it says");
        }

        _end = end;
        return true;
    }

    private bool CheckUnion(PayloadShape shape, bool allowsNull)
    {
        if (!TryReadByte(out byte first))
        {
            return false;
        }

        int tag = first;
        switch (first)
        {
            case Null:
                return CheckNull(allowsNull);
            case WideTag:
                if (Left < sizeof(ushort))
                {
                    return FailTooShort();
                }

                tag = BinaryPrimitives.ReadUInt16LittleEndian(_bytes[_at..]);
                _at += sizeof(ushort);
                break;
            case > WideTag:
                return Fail($"begins with {first}, which is no tag");
        }

        return shape.FindCase(tag) is { } found ? Check(new PayloadPart(found)) : Fail($"has the tag {tag}, which {shape.Name} has not");
    }

    /// <summary>Reads a number of MemoryPack's own variable length, which is not negative.</summary>
    private bool TryReadLength(ref int at, out long value)
    {
        value = 0;
        if (at >= _end)
        {
            return FailTooShort();
        }

        sbyte code = (sbyte)_bytes[at++];
        if (code >= 0)
        {
            value = code;
            return true;
        }

        int size = code switch
        {
            -121 or -122 => 1,
            -123 or -124 => 2,
            -125 or -126 => 4,
            -127 or -128 => 8,
            _ => 0,
        };
        if (size == 0)
        {
            return FailLength(code);
        }

        if (at + size > _end)
        {
            return FailTooShort();
        }

        ReadOnlySpan<byte> bytes = _bytes[at..];
        at += size;
        value = code switch
        {
            -121 => bytes[0],
            -122 => (sbyte)bytes[0],
            -123 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            -124 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            -125 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            -126 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        };

        // Lengths are Int32 and numbers UInt32; no message is as long as either.
        return (ulong)value <= int.MaxValue || Fail($"has a length of {value}");
    }
}
