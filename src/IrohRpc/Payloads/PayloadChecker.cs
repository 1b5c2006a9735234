using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>
/// Walks over a payload once, by the shapes of what it should hold, before MemoryPack reads it: its reader is made for trusted bytes. Afterwards every
/// length is within the payload, every text and every fixed value is one, and what reading will allocate is bounded.
/// </summary>
/// <remarks>
/// It allocates nothing unless a payload is refused. Each method says whether what it looked at is right; the first one that is not says why. Most payloads are seen to be
/// right by a <see cref="PayloadPlan"/>, which is faster and says nothing.
/// </remarks>
internal ref partial struct PayloadChecker
{
    private const byte Null = 255;
    private const byte LastCount = 249;
    private const byte Special = 250;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly PayloadLimits _limits;
    private int _at;
    private int _end;
    private int _depthLeft;
    private long _memoryLeft;
    private readonly bool _clearsGaps;

    // How many version-tolerant objects are around the place: within them, other builds may know fewer members of any object.
    private int _tolerant;

    // Objects that refer to each other have numbers from zero on, in the order in which they begin.
    private long _objects;
    private string? _reason;
    private List<string>? _path;

    public PayloadChecker(ReadOnlySpan<byte> bytes, PayloadLimits limits)
        : this(bytes, limits, clearsGaps: false)
    {
    }

    /// <summary>Begins with a payload that was just written, in which it clears what belongs to no field of a struct; nulls are the caller's.</summary>
    public PayloadChecker(ReadOnlySpan<byte> bytes, PayloadLimits limits, bool clearsGaps)
    {
        _clearsGaps = clearsGaps;
        _tolerant = clearsGaps ? 1 : 0;
        _bytes = bytes;
        _limits = limits;
        _end = bytes.Length;
        _depthLeft = limits.MaxDepth;
        _memoryLeft = limits.MemoryFor(bytes.Length);
    }

    /// <summary>How many objects with numbers the payload holds.</summary>
    public readonly long Objects => _objects;

    /// <summary>Whether the whole payload was looked at.</summary>
    public readonly bool IsAtEnd => _at == _bytes.Length;

    /// <summary>How many bytes are left.</summary>
    public readonly int Left => _end - _at;

    /// <summary>Checks one value.</summary>
    public bool Check(in PayloadPart part)
    {
        PayloadShape shape = part.Shape;
        switch (shape.Kind)
        {
            case ShapeKind.Fixed:
                return SkipFixed(shape, 1);
            case ShapeKind.CheckedFixed:
                return CheckFixed(shape);
            case ShapeKind.Text:
                return CheckText(shape, part.AllowsNull);
            case ShapeKind.Union:
                return CheckUnion(shape, part.AllowsNull);
            case ShapeKind.Object:
                return Enter() && CheckObject(shape, part.AllowsNull) && Leave();
            case ShapeKind.List:
                return Enter() && CheckList(shape, part.AllowsNull) && Leave();
            default:
                return Enter() && CheckNested(shape, part.AllowsNull) && Leave();
        }
    }

    /// <summary>The refusal, with the place where it began.</summary>
    /// <param name="root">What the payload is called.</param>
    public readonly InvalidDataException ToException(string root)
    {
        string place = root;
        if (_path is not null)
        {
            _path.Reverse();
            IEnumerable<string> shown = _path.Count <= 16 ? _path : [.. _path.Take(8), " … ", .. _path.TakeLast(7)];
            place += string.Concat(shown);
            _path.Reverse();
        }

        return new InvalidDataException($"{place} {_reason}.");
    }

    private bool CheckNested(PayloadShape shape, bool allowsNull) => shape.Kind switch
    {
        ShapeKind.Row => CheckParts(shape.Parts),
        ShapeKind.Tolerant => CheckTolerant(shape, allowsNull),
        ShapeKind.Circular => CheckCircular(shape, allowsNull),
        ShapeKind.Grid => CheckGrid(shape, allowsNull),
        ShapeKind.Characters => CheckCharacters(shape, allowsNull),
        ShapeKind.BigInteger => CheckBigInteger(shape),
        ShapeKind.PackedBits => CheckPackedBits(shape, allowsNull),
        ShapeKind.BitArray => CheckBitArray(shape, allowsNull),
        ShapeKind.Version => CheckVersion(shape, allowsNull),
        ShapeKind.ObjectNumber => Left > 0 ? Skip(1 << (_bytes[_at] >> 6)) : FailTooShort(),
        _ => CheckOpaque(shape),
    };

    private bool Enter() => --_depthLeft >= 0 || FailTooDeep();

    private bool Leave()
    {
        _depthLeft++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Skip(int count)
    {
        if (count > Left)
        {
            return FailTooShort();
        }

        _at += count;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadByte(out byte value)
    {
        if (_at < _end)
        {
            value = _bytes[_at++];
            return true;
        }

        value = 0;
        return FailTooShort();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryReadInt32(out int value)
    {
        if (Left >= sizeof(int))
        {
            // Within the bytes, as was just seen; a slice would look again.
            value = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _at));
            _at += sizeof(int);
            return true;
        }

        value = 0;
        return FailTooShort();
    }

    /// <summary>Counts memory that reading will allocate.</summary>
    private bool Charge(long memory)
    {
        _memoryLeft -= memory;
        return _memoryLeft >= 0 || FailTooLarge();
    }

    // Members of version-tolerant objects may be missing whatever their types say, so that null can be in what another peer passes on.
    private bool CheckNull(bool allowsNull) => allowsNull || _tolerant > 0 || Fail("is null, which its type does not allow");

    private bool FailNullStruct() => Fail("is null, which a struct cannot be");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTooShort() => Fail("goes on beyond the end");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTooDeep() => Fail($"stands within more than {_limits.MaxDepth} others, which MaxPayloadDepth allows");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FailTooLarge()
        => Fail($"would take more than {_limits.MaxExpansion} times the memory of the message, which MaxPayloadExpansion allows");

    private bool Fail(string reason)
    {
        _reason = reason;
        return false;
    }

    private bool FailWithin(string segment)
    {
        (_path ??= []).Add(segment);
        return false;
    }
}
