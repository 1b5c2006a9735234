using System.Runtime.CompilerServices;

namespace IrohRpc.Wire;

/// <summary>
/// Reads one direction of a stream as frames. Memory grows with the bytes that arrived, never with a length that was announced, and none is held
/// between frames while the stream is silent. For one reader at a time.
/// </summary>
internal sealed class FrameReader(PeerStream stream, ByteBudget? budget = null) : IDisposable
{
    // Frames at least this long are read on their own. Reading past the end would leave the next frame's bytes to be moved to the front.
    private const int ReadByItself = 16 * 1024;

    private ReceiveBuffer _buffer = new(budget);
    private int _frameStart;

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
        _isWaiting = _buffer.IsEmpty && !_isFlowing;
        if (_isWaiting)
        {
            _buffer.Release();
            return default;
        }

        // A length that is only announced takes memory once the peer has sent a frame as long as that.
        _buffer.MakeRoom(_wanted <= _longest ? _wanted : 0);
        Memory<byte> free = _buffer.Free;
        int missing = _wanted - _buffer.Length;
        return missing >= ReadByItself && missing < free.Length ? free[..missing] : free;
    }

    /// <summary>Takes what a read brought; false at the end of the stream.</summary>
    public bool Advance(int read)
    {
        _isFilling = false;
        _buffer.End += read;
        bool waited = _isWaiting;
        _isWaiting = false;
        _isFlowing = waited || _buffer.IsFull;
        return waited || read > 0;
    }

    /// <summary>Reads one byte of what stands before the frames; -1 at the end of the stream.</summary>
    public async ValueTask<int> ReadByteAsync()
    {
        while (_buffer.IsEmpty)
        {
            if (!await FillAsync().ConfigureAwait(false))
            {
                return -1;
            }
        }

        int first = _buffer.Span[0];
        _buffer.Start++;
        return first;
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

        _frameStart = _buffer.Start;
        ReadOnlySpan<byte> rest = _buffer.Span;
        FrameReadResult result = FrameHead.TryRead(ref rest, out FrameHead head);
        if (result != FrameReadResult.Frame)
        {
            return result;
        }

        type = head.Type;
        if (type == FrameType.Bytes)
        {
            _buffer.Consume(rest);
            _bytesLeft = head.BodyLength;
            return FrameReadResult.Frame;
        }

        if (head.Length > limit || type > WireFormat.LastFrameType)
        {
            // Enough of a frame that is refused to say which call it was.
            int prefix = (int)Math.Min(head.BodyLength, WireFormat.LargestHead);
            if (rest.Length < prefix)
            {
                return FrameReadResult.Incomplete;
            }

            body = rest[..prefix];
            _buffer.Consume(rest[prefix..]);
            _skip = head.BodyLength - prefix;
            return type > WireFormat.LastFrameType ? FrameReadResult.Unknown : FrameReadResult.TooLong;
        }

        int bodyLength = (int)head.BodyLength;
        int whole = _buffer.Length - rest.Length + bodyLength;
        if (rest.Length < bodyLength)
        {
            _wanted = whole;
            return FrameReadResult.Incomplete;
        }

        _wanted = 0;
        _longest = Math.Max(_longest, whole);
        body = rest[..bodyLength];
        _buffer.Consume(rest[bodyLength..]);
        return FrameReadResult.Frame;
    }

    /// <summary>Puts the whole frame that <see cref="TryRead"/> has just taken back, so that the next call takes it again.</summary>
    public void PutBack() => _buffer.Start = _frameStart;

    /// <summary>
    /// Opens a frame of which much has still to come, so that <see cref="ReadBytesAsync"/> brings its body straight to where it belongs.
    /// </summary>
    /// <param name="type">The type it must be of.</param>
    /// <param name="bodyLength">How long the body is.</param>
    /// <returns>False where the frame at hand is another one, or longer than any that has arrived, so that memory is not taken for it at once.</returns>
    public bool TryOpen(FrameType type, out int bodyLength)
    {
        bodyLength = 0;
        if (_wanted - _buffer.Length < ReadByItself || _wanted > _longest)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = _buffer.Span;
        if (FrameHead.TryRead(ref rest, out FrameHead head) != FrameReadResult.Frame || head.Type != type)
        {
            return false;
        }

        bodyLength = (int)head.BodyLength;
        _buffer.Consume(rest);
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

        ReadOnlySpan<byte> rest = _buffer.Span;
        FrameReadResult result = FrameHead.TryRead(ref rest, out FrameHead head);
        if (result != FrameReadResult.Frame)
        {
            // A broken frame is shown as an empty one of no type: whoever takes it learns what it is.
            type = (FrameType)byte.MaxValue;
            return result == FrameReadResult.Broken;
        }

        type = head.Type;
        bodyLength = head.BodyLength;
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
        if (!_buffer.IsEmpty)
        {
            count = Math.Min(count, _buffer.Length);
            _buffer.Span[..count].CopyTo(destination.Span);
            _buffer.Start += count;
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
    public bool IsAtBoundary => _buffer.IsEmpty && _skip == 0 && _bytesLeft == 0;

    /// <summary>Gives the memory back; where a read was under way or has failed, it is left to the garbage collector.</summary>
    public void Dispose()
    {
        _buffer.Uncount();
        if (!_isFilling)
        {
            _buffer.Release();
        }
    }

    private bool TryReadVarInt(out long value)
    {
        ReadOnlySpan<byte> rest = _buffer.Span;
        bool read = VarInt.TryRead(ref rest, out value);
        if (read)
        {
            _buffer.Consume(rest);
        }

        return read;
    }

    private bool Skip()
    {
        if (_bytesLeft > 0)
        {
            _skip += _bytesLeft;
            _bytesLeft = 0;
        }

        int skipped = (int)Math.Min(_skip, _buffer.Length);
        _buffer.Start += skipped;
        _skip -= skipped;
        return _skip == 0;
    }
}
