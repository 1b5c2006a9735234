namespace IrohRpc.Wire;

/// <summary>Goes through the fields of a frame, one after the other.</summary>
internal ref struct FieldReader(ReadOnlySpan<byte> fields)
{
    private ReadOnlySpan<byte> _rest = fields;

    /// <summary>The next field; false at the end.</summary>
    /// <exception cref="InvalidDataException">The fields are broken.</exception>
    public bool TryRead(out long tag, out ReadOnlySpan<byte> value)
    {
        value = default;
        tag = 0;
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (!VarInt.TryRead(ref _rest, out tag) || !WireFormat.TryReadFields(ref _rest, out value))
        {
            throw new InvalidDataException("A field reaches past the end of the fields.");
        }

        return true;
    }

    /// <summary>The next field; false at the end, and where the fields are broken: for what stands without them.</summary>
    public bool TryReadValid(out long tag, out ReadOnlySpan<byte> value)
    {
        value = default;
        tag = 0;
        return VarInt.TryRead(ref _rest, out tag) && WireFormat.TryReadFields(ref _rest, out value);
    }

    /// <summary>The receiver's own object behind a number; 0 where the object is the sender's.</summary>
    public static long FindHome(ReadOnlySpan<byte> fields, long number)
    {
        var reader = new FieldReader(fields);
        while (reader.TryReadValid(out long tag, out ReadOnlySpan<byte> value))
        {
            if (tag == FieldTag.Home && VarInt.TryRead(ref value, out long passed) && passed == number && VarInt.TryRead(ref value, out long target))
            {
                return target;
            }
        }

        return 0;
    }

    /// <summary>The ALPNs under which the object of a number may be called, each with its length in front; empty where nothing is said.</summary>
    public static ReadOnlySpan<byte> FindVersions(ReadOnlySpan<byte> fields, long number)
    {
        var reader = new FieldReader(fields);
        while (reader.TryReadValid(out long tag, out ReadOnlySpan<byte> value))
        {
            if (tag == FieldTag.Versions && VarInt.TryRead(ref value, out long passed) && passed == number)
            {
                return value;
            }
        }

        return default;
    }
}
