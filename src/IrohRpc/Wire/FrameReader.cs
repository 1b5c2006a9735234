using System.Runtime.CompilerServices;

namespace IrohRpc.Wire;

/// <summary>
/// Reads one direction of a stream as frames. Memory grows with the bytes that arrived, never with a length that was announced, and none is held
/// between frames while the stream is silent. For one reader at a time.
/// </summary>
internal sealed class FrameReader(PeerStream stream, ByteBudget? budget = null) : IDisposable
{
    private const int FirstSize = 16 * 1024;

    // Frames at least this long are read on their own. Reading past the end would leave the next frame's bytes to be moved to the front.
    private const int ReadByItself = 16 * 1024;

    private byte[] _buffer = [];
    private int _frameStart;
    private int _counted;
    private int _start;
    private int _end;

    // How long the frame at hand is with its head, where more of it has to arrive; and the longest that has arrived whole, for which memory may
    // be taken at once.
    private int _wanted;
    private int _longest;

    // Whether the read under way only waits, and whether more is about to come, so that waiting first would be in vain.
    private bool _isWaiting;
    private bool _isFlowing;

    // Of the frame at hand: what is still to come and nobody wants, or is read piece by piece.
    private long _skip;
    private long _bytesLeft;
    private bool _isFilling;

    /// <summary>Where the frames come from.</summary>
    public PeerStream Stream => stream;

    private ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads on; false at the end of the stream.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> FillAsync()
    {
        bool more;
        bool waited;
        do
        {
            Memory<byte> memory = GetMemory();
            waited = memory.IsEmpty;
            more = Advance(await stream.ReadAsync(memory).ConfigureAwait(false));
        }
        while (waited);
        return more;
    }

    /// <summary>
    /// Where the next read goes, for a loop that reads by itself and so allocates nothing for each wait. Empty between frames: that read waits for
    /// the first byte, and meanwhile no memory is held.
    /// </summary>
    public Memory<byte> GetMemory()
    {
        _isFilling = true;
        _isWaiting = _start == _end && !_isFlowing;
        if (_isWaiting)
        {
            ReturnBuffer();
            return default;
        }

        MakeRoom();
        int missing = _wanted - (_end - _start);
        return missing >= ReadByItself ? _buffer.AsMemory(_end, Math.Min(missing, _buffer.Length - _end)) : _buffer.AsMemory(_end);
    }

    /// <summary>Takes what a read brought; false at the end of the stream.</summary>
    public bool Advance(int read)
    {
        _isFilling = false;
        _end += read;
        bool waited = _isWaiting;
        _isWaiting = false;
        _isFlowing = waited || _end == _buffer.Length;
        return waited || read > 0;
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

        _frameStart = _start;
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

        if (length > limit || type > WireFormat.LastFrameType)
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
            return type > WireFormat.LastFrameType ? FrameReadResult.Unknown : FrameReadResult.TooLong;
        }

        int whole = _end - _start - rest.Length + (int)bodyLength;
        if (rest.Length < bodyLength)
        {
            _wanted = whole;
            return FrameReadResult.Incomplete;
        }

        _wanted = 0;
        _longest = Math.Max(_longest, whole);
        body = rest[..(int)bodyLength];
        _start = _end - rest.Length + (int)bodyLength;
        return FrameReadResult.Frame;
    }

    /// <summary>Puts the whole frame that <see cref="TryRead"/> has just taken back, so that the next call takes it again.</summary>
    public void PutBack() => _start = _frameStart;

    /// <summary>
    /// Opens a frame of which much has still to come, so that <see cref="ReadBytesAsync"/> brings its body straight to where it belongs.
    /// </summary>
    /// <param name="type">The type it must be of.</param>
    /// <param name="bodyLength">How long the body is.</param>
    /// <returns>False where the frame at hand is another one, or longer than any that has arrived, so that memory is not taken for it at once.</returns>
    public bool TryOpen(FrameType type, out int bodyLength)
    {
        bodyLength = 0;
        if (_wanted - (_end - _start) < ReadByItself || _wanted > _longest)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = Buffered;
        if (!VarInt.TryRead(ref rest, out _) || !VarInt.TryRead(ref rest, out long typeNumber) || typeNumber != (long)type)
        {
            return false;
        }

        bodyLength = _wanted - (_end - _start - rest.Length);
        Consume(rest);
        _bytesLeft = bodyLength;
        _wanted = 0;
        return true;
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

    /// <summary>Reads bytes of the BYTES frame at hand, or of what <see cref="TryOpen"/> opened; 0 once it is at its end.</summary>
    /// <exception cref="EndOfStreamException">The stream ended inside the frame.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
        _isFlowing = true;
        return count;
    }

    /// <summary>Whether the stream can end here: at the end of a frame.</summary>
    public bool IsAtBoundary => _start == _end && _skip == 0 && _bytesLeft == 0;

    /// <summary>Gives the memory back; where a read was under way or has failed, it is left to the garbage collector.</summary>
    public void Dispose()
    {
        budget?.Return(_counted);
        _counted = 0;
        if (!_isFilling)
        {
            ReturnBuffer();
        }
    }

    private void ReturnBuffer()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _start = _end = 0;
        if (buffer.Length > 0)
        {
            BufferPool.Return(buffer);
            budget?.Return(_counted);
            _counted = 0;
        }
    }

    private void Count(int length)
    {
        if (budget is null)
        {
            return;
        }

        // The first piece is bounded by the number of streams; what grows beyond it has to fit.
        if (length <= FirstSize)
        {
            budget.Take(length - _counted);
        }
        else if (!budget.TryTake(length - _counted))
        {
            throw new RpcException(RpcStatusCode.ResourceExhausted, "What this peer has sent and nobody has taken holds as many bytes as this side allows.");
        }

        _counted = length;
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

        // A length that is only announced takes memory once the peer has sent a frame as long as that.
        int room = _wanted <= _longest ? _wanted : 0;
        if (_end < _buffer.Length && _start + room <= _buffer.Length)
        {
            return;
        }

        int held = _end - _start;
        bool isCrowded = held > _buffer.Length / 2;
        if (!isCrowded && _start > 0 && room <= _buffer.Length)
        {
            Buffered.CopyTo(_buffer);
        }
        else
        {
            int length = Math.Max(Math.Max(FirstSize, room), isCrowded ? checked(_buffer.Length * 2) : _buffer.Length);
            Count(length);
            byte[] larger = BufferPool.Rent(length);
            Buffered.CopyTo(larger);
            if (_buffer.Length > 0)
            {
                BufferPool.Return(_buffer);
            }

            _buffer = larger;
        }

        _start = 0;
        _end = held;
    }
}
