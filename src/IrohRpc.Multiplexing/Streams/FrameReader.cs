using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Multiplexing.Streams;

/// <summary>Reads the frames of one payload. What ends too early is FRAME_ENCODING_ERROR (RFC 9000, section 12.4).</summary>
internal ref struct FrameReader
{
    private ReadOnlySpan<byte> _rest;

    /// <summary>Starts at the beginning of a payload.</summary>
    public FrameReader(ReadOnlySpan<byte> payload) => _rest = payload;

    /// <summary>Whether everything was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Unread => _rest;

    /// <summary>The type of the frame that is being read.</summary>
    public long FrameType { get; private set; }

    /// <summary>Reads the type of the next frame.</summary>
    public long ReadFrameType()
    {
        FrameType = 0;
        int length = VariableLengthInteger.TryRead(_rest, out long type);
        if (length == 0)
        {
            ThrowTruncated();
        }

        // A frame type has one encoding only, the shortest (RFC 9000, section 12.4).
        if (length != VariableLengthInteger.LengthOf(type))
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, type, "a frame type is not encoded in its shortest form");
        }

        _rest = _rest[length..];
        FrameType = type;
        return type;
    }

    /// <summary>Reads a variable-length integer.</summary>
    public long ReadInteger()
    {
        int length = VariableLengthInteger.TryRead(_rest, out long value);
        if (length == 0)
        {
            ThrowTruncated();
        }

        _rest = _rest[length..];
        return value;
    }

    /// <summary>Reads a length and that many bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        long length = ReadInteger();
        if (length > _rest.Length)
        {
            ThrowTruncated();
        }

        ReadOnlySpan<byte> bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    /// <summary>Reads so many bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes(int length)
    {
        if (length > _rest.Length)
        {
            ThrowTruncated();
        }

        ReadOnlySpan<byte> bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }

    /// <summary>Reads all that is left.</summary>
    public ReadOnlySpan<byte> ReadToEnd()
    {
        ReadOnlySpan<byte> bytes = _rest;
        _rest = default;
        return bytes;
    }

    /// <summary>Skips PADDING as one, since each byte of it is a frame.</summary>
    public void SkipPadding()
    {
        int end = _rest.IndexOfAnyExcept((byte)0);
        _rest = end < 0 ? default : _rest[end..];
    }

    /// <summary>Ends the connection for a frame that is not what its type says.</summary>
    [DoesNotReturn]
    public readonly void ThrowMalformed(string message)
        => throw new TransportViolationException(TransportErrorCode.FrameEncodingError, FrameType, message);

    [DoesNotReturn]
    private readonly void ThrowTruncated() => ThrowMalformed("the payload ends within a frame");
}
