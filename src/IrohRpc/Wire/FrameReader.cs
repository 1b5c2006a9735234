namespace IrohRpc.Internal;

/// <summary>
/// Reads one direction of a stream as frames. Memory grows with the bytes that arrived, never with a length that was announced. For one reader
/// at a time.
/// </summary>
internal sealed class FrameReader(PeerStream stream) : IDisposable
{
    private const int FirstSize = 8 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    // Of the frame at hand: what is still to come and nobody wants, or is read piece by piece.
    private long _skip;
    private long _bytesLeft;
    private bool _isFilling;

    /// <summary>Where the frames come from.</summary>
    public PeerStream Stream => stream;

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads on; false at the end of the stream.</summary>
    public async ValueTask<bool> FillAsync()
        => Advance(await stream.ReadAsync(GetMemory()).ConfigureAwait(false));

    /// <summary>Where the next read goes, for a loop that reads by itself and so allocates nothing for each wait.</summary>
    public Memory<byte> GetMemory()
    {
        MakeRoom();
        _isFilling = true;
        return _buffer.AsMemory(_end);
    }

    /// <summary>Takes what a read brought; false at the end of the stream.</summary>
    public bool Advance(int read)
    {
        _isFilling = false;
        _end += read;
        return read > 0;
    }

    /// <summary>Reads one byte of what stands before the frames; -1 at the end of the stream.</summary>
    public async ValueTask<int> ReadByteAsync()
    {
        while (_start == _end)
        {
            if (!await FillAsync().ConfigureAwait(false))
            {
                return -1;
            }
        }

        return _buffer[_start++];
    }

    /// <summary>Reads one varint of what stands before the frames; -1 at the end of the stream.</summary>
    public async ValueTask<long> ReadVarIntAsync()
    {
        long value;
        while (!TryReadVarInt(out value))
        {
            if (!await FillAsync().ConfigureAwait(false))
            {
                return -1;
            }
        }

        return value;
    }

    /// <summary>Takes the next frame out of what has arrived.</summary>
    /// <param name="limit">The most bytes that type and body may have together.</param>
    /// <param name="type">The type, for any result but <see cref="FrameReadResult.Incomplete"/> and broken ones.</param>
    /// <param name="body">
    /// The body, until the next call; for <see cref="FrameReadResult.TooLong"/> its beginning. Empty for BYTES, which <see cref="ReadBytesAsync"/> reads.
    /// </param>
    public FrameReadResult TryRead(int limit, out FrameType type, out ReadOnlySpan<byte> body)
    {
        type = default;
        body = default;
        if (!Skip())
        {
            return FrameReadResult.Incomplete;
        }

        ReadOnlySpan<byte> rest = Buffered;
        if (!VarInt.TryRead(ref rest, out long length))
        {
            return FrameReadResult.Incomplete;
        }

        int before = rest.Length;
        if (length == 0)
        {
            return FrameReadResult.Broken;
        }

        if (!VarInt.TryRead(ref rest, out long typeNumber))
        {
            bool reachesPast = !rest.IsEmpty && 1 << (rest[0] >> 6) > length;
            return reachesPast ? FrameReadResult.Broken : FrameReadResult.Incomplete;
        }

        long bodyLength = length - (before - rest.Length);
        if (bodyLength < 0)
        {
            return FrameReadResult.Broken;
        }

        type = typeNumber <= byte.MaxValue ? (FrameType)typeNumber : (FrameType)byte.MaxValue;
        if (type == FrameType.Bytes)
        {
            Consume(rest);
            _bytesLeft = bodyLength;
            return FrameReadResult.Frame;
        }

        if (length > limit || type > FrameType.Release)
        {
            // Enough of a frame that is refused to say which call it was.
            int prefix = (int)Math.Min(bodyLength, WireFormat.LargestHead);
            if (rest.Length < prefix)
            {
                return FrameReadResult.Incomplete;
            }

            body = rest[..prefix];
            _start = _end - rest.Length + prefix;
            _skip = bodyLength - prefix;
            return type > FrameType.Release ? FrameReadResult.Unknown : FrameReadResult.TooLong;
        }

        if (rest.Length < bodyLength)
        {
            return FrameReadResult.Incomplete;
        }

        body = rest[..(int)bodyLength];
        _start = _end - rest.Length + (int)bodyLength;
        return FrameReadResult.Frame;
    }

    /// <summary>Looks at the next frame's length and the beginning of its body, without taking it.</summary>
    /// <returns>False where not even that much has arrived.</returns>
    public bool TryPeek(int wanted, out FrameType type, out long bodyLength, out ReadOnlySpan<byte> prefix)
    {
        type = default;
        bodyLength = 0;
        prefix = default;
        if (!Skip())
        {
            return false;
        }

        ReadOnlySpan<byte> rest = Buffered;
        if (!VarInt.TryRead(ref rest, out long length))
        {
            return false;
        }

        int before = rest.Length;
        if (!VarInt.TryRead(ref rest, out long typeNumber))
        {
            return false;
        }

        type = typeNumber <= byte.MaxValue ? (FrameType)typeNumber : (FrameType)byte.MaxValue;
        bodyLength = Math.Max(0, length - (before - rest.Length));
        int least = (int)Math.Min(bodyLength, wanted);
        prefix = rest[..Math.Min(rest.Length, least)];
        return prefix.Length == least;
    }

    /// <summary>Reads bytes of the BYTES frame at hand; 0 once it is at its end.</summary>
    /// <exception cref="EndOfStreamException">The stream ended inside the frame.</exception>
    public async ValueTask<int> ReadBytesAsync(Memory<byte> destination)
    {
        if (_bytesLeft == 0 || destination.IsEmpty)
        {
            return 0;
        }

        int count = (int)Math.Min(destination.Length, _bytesLeft);
        if (_start < _end)
        {
            count = Math.Min(count, _end - _start);
            _buffer.AsSpan(_start, count).CopyTo(destination.Span);
            _start += count;
        }
        else
        {
            // Straight into the reader's memory: large transfers are not copied on their way.
            count = await stream.ReadAsync(destination[..count]).ConfigureAwait(false);
            if (count == 0)
            {
                throw new EndOfStreamException("The stream ended in the middle of a frame.");
            }
        }

        _bytesLeft -= count;
        return count;
    }

    /// <summary>Whether the stream can end here: at the end of a frame.</summary>
    public bool IsAtBoundary => _start == _end && _skip == 0 && _bytesLeft == 0;

    /// <summary>Gives the memory back; where a read was under way or has failed, it is left to the garbage collector.</summary>
    public void Dispose()
    {
        if (_isFilling)
        {
            return;
        }

        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            BufferPool.Return(buffer);
        }
    }

    private bool TryReadVarInt(out long value)
    {
        ReadOnlySpan<byte> rest = Buffered;
        bool read = VarInt.TryRead(ref rest, out value);
        if (read)
        {
            Consume(rest);
        }

        return read;
    }

    private void Consume(ReadOnlySpan<byte> rest) => _start = _end - rest.Length;

    private bool Skip()
    {
        if (_bytesLeft > 0)
        {
            _skip += _bytesLeft;
            _bytesLeft = 0;
        }

        int skipped = (int)Math.Min(_skip, _end - _start);
        _start += skipped;
        _skip -= skipped;
        return _skip == 0;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        if (_start > 0)
        {
            Buffered.CopyTo(_buffer);
            _end -= _start;
            _start = 0;
            if (_end <= _buffer.Length / 2)
            {
                return;
            }
        }

        byte[] larger = BufferPool.Rent(Math.Max(FirstSize, checked(_buffer.Length * 2)));
        _buffer.AsSpan(0, _end).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            BufferPool.Return(_buffer);
        }

        _buffer = larger;
    }
}
