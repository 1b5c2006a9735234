using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.Parameters;

/// <summary>
/// Reads a list of transport parameters (RFC 9000, section 18): ids, lengths and values. Everything in it is the peer's, and nothing of it is trusted. A mutable structure, for one reader.
/// </summary>
/// <param name="content">The list.</param>
/// <param name="frameType">The type of the frame that brings it, for errors.</param>
internal ref struct ParameterReader(ReadOnlySpan<byte> content, long frameType)
{
    private readonly long _frameType = frameType;
    private ReadOnlySpan<byte> _rest = content;
    private ulong _seen;

    /// <summary>The id of the parameter at hand.</summary>
    public long Id { get; private set; }

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next parameter; false at the end.</summary>
    /// <exception cref="TransportViolationException">It is cut off.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        Id = ReadInteger(ref _rest);
        long length = ReadInteger(ref _rest);
        if (length > _rest.Length)
        {
            throw Violation("a transport parameter is cut off");
        }

        Value = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    /// <summary>Sees to it that the parameter at hand has not been there before.</summary>
    /// <param name="bit">The bit of a parameter that is known, from 0 to 63. Those that are not are not remembered: a list of them would be the peer's to grow.</param>
    /// <exception cref="TransportViolationException">It has.</exception>
    public void RequireFirst(int bit)
    {
        if ((_seen & (1UL << bit)) != 0)
        {
            throw Violation($"transport parameter 0x{Id:x} is there twice");
        }

        _seen |= 1UL << bit;
    }

    /// <summary>The value at hand as an integer.</summary>
    /// <exception cref="TransportViolationException">It is none.</exception>
    public readonly long ReadInteger()
    {
        ReadOnlySpan<byte> value = Value;
        long result = ReadInteger(ref value);
        return value.IsEmpty ? result : throw Violation("a transport parameter is longer than its value");
    }

    /// <summary>The value at hand as an integer within a range.</summary>
    /// <exception cref="TransportViolationException">It is none.</exception>
    public readonly long ReadInteger(long min, long max, string name)
    {
        long result = ReadInteger();
        return result >= min && result <= max ? result : throw Violation($"{name} is out of range");
    }

    /// <summary>Reads the parameter at hand where it is one of the limits of streams.</summary>
    /// <exception cref="TransportViolationException">It is, and out of range.</exception>
    public readonly bool TryReadLimit(ref StreamLimits limits)
    {
        StreamLimits? changed = Id switch
        {
            CommonParameters.MaxData => limits with { MaxData = ReadInteger() },
            CommonParameters.MaxStreamDataBidirectionalLocal => limits with { MaxStreamDataBidirectionalLocal = ReadInteger() },
            CommonParameters.MaxStreamDataBidirectionalRemote => limits with { MaxStreamDataBidirectionalRemote = ReadInteger() },
            CommonParameters.MaxStreamDataUnidirectional => limits with { MaxStreamDataUnidirectional = ReadInteger() },
            CommonParameters.MaxStreamsBidirectional => limits with { MaxStreamsBidirectional = ReadInteger(0, StreamId.MaxCount, "initial_max_streams_bidi") },
            CommonParameters.MaxStreamsUnidirectional => limits with { MaxStreamsUnidirectional = ReadInteger(0, StreamId.MaxCount, "initial_max_streams_uni") },
            _ => null,
        };
        limits = changed ?? limits;
        return changed is not null;
    }

    /// <summary>What the peer has done wrong.</summary>
    public readonly TransportViolationException Violation(string message) => new(TransportErrorCode.TransportParameterError, _frameType, message);

    private readonly long ReadInteger(ref ReadOnlySpan<byte> content)
    {
        int length = VariableLengthInteger.TryRead(content, out long value);
        if (length == 0)
        {
            throw Violation("a transport parameter is cut off");
        }

        content = content[length..];
        return value;
    }
}
