namespace IrohRpc.Multiplexing.Streams;

/// <summary>Writes frames into one payload. The caller looks for room before it writes.</summary>
internal ref struct FrameWriter
{
    private readonly Span<byte> _buffer;

    /// <summary>Starts at the beginning of a payload.</summary>
    public FrameWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>How many bytes were written.</summary>
    public int Written { get; private set; }

    /// <summary>How many more bytes there is room for.</summary>
    public readonly int Room => _buffer.Length - Written;

    /// <summary>The room itself, for who writes bytes in place and then says <see cref="Advance"/>.</summary>
    public readonly Span<byte> Free => _buffer[Written..];

    /// <summary>Whether <paramref name="count"/> integers of any size fit.</summary>
    public readonly bool HasRoomFor(int count) => Room >= count * VariableLengthInteger.MaxLength;

    /// <summary>Writes an integer in its shortest form.</summary>
    public void Write(long value) => Written += VariableLengthInteger.Write(Free, value);

    /// <summary>Writes a frame that is a type and one integer.</summary>
    public void Write(long frameType, long first)
    {
        Write(frameType);
        Write(first);
    }

    /// <summary>Writes a frame that is a type and two integers.</summary>
    public void Write(long frameType, long first, long second)
    {
        Write(frameType);
        Write(first);
        Write(second);
    }

    /// <summary>Writes a length and the bytes.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> bytes)
    {
        Write(bytes.Length);
        bytes.CopyTo(Free);
        Written += bytes.Length;
    }

    /// <summary>Counts bytes that were written into <see cref="Free"/>.</summary>
    public void Advance(int count) => Written += count;
}
