namespace IrohRpc.Multiplexing.Streams;

/// <summary>The receiving part of a stream.</summary>
internal sealed class ReceiveStream
{
    private const int MinMaxGaps = 1024;
    private const int BytesPerGap = 2048;

    private readonly MultiplexedStream _stream;
    private readonly long _own;
    private ReceiveWindow _window;
    private SegmentQueue _arrived;

    // The offset behind the last byte that arrived with nothing missing before it; what lies ahead of it waits in the reassembly buffer.
    private long _next;
    private ReassemblyBuffer? _ahead;
    private long? _finalSize;
    private Memory<byte> _destination;
    private bool _isExpecting;
    private int _delivered;
    private long _lent;
    private bool _isRead;
    private bool _isAnnounced;

    internal ReceiveStream(MultiplexedStream stream, long window)
    {
        _stream = stream;
        _isAnnounced = !stream.IsLocal;
        _window = new ReceiveWindow(window);

        // The peer's streams have a first window each, which is set aside for all that it may open. Nobody knows how many of its own this side
        // opens: their windows are lent from the start.
        _own = stream.IsLocal ? 0 : window;
        SettleLoan();
    }

    /// <summary>Where the receiving part stands.</summary>
    public ReceiveState State { get; private set; }

    /// <summary>The code with which the peer gave up sending, where the state is <see cref="ReceiveState.Reset"/>.</summary>
    public long ResetCode { get; private set; }

    /// <summary>The code with which this side gave up reading, or null where it did not.</summary>
    public long? StopCode { get; private set; }

    /// <summary>Whether nothing more can arrive that anybody waits for.</summary>
    internal bool IsFinished => State is ReceiveState.DataRead or ReceiveState.Reset;

    /// <summary>The offset that the peer may send up to.</summary>
    internal long Limit => _window.Limit;

    /// <summary>How many bytes can be read right now, besides those delivered to a destination.</summary>
    public int Available => _arrived.Length;

    /// <summary>Whether a read would not have to wait: bytes, the end, or either side's abort.</summary>
    public bool IsReadable => _arrived.Length > 0 || _delivered > 0 || State != ReceiveState.Receiving || StopCode is not null;

    /// <summary>Whether the destination has got some bytes and has room for more, which may still come.</summary>
    /// <param name="some">How many bytes are some.</param>
    public bool IsFilling(int some)
        => State == ReceiveState.Receiving && _arrived.Length == 0 && _delivered >= some && _delivered < _destination.Length;

    /// <summary>Reads bytes that have arrived. Zero says nothing by itself: the state says whether that is the end.</summary>
    public int Read(Span<byte> destination)
    {
        int count = _arrived.Dequeue(destination, _stream.Multiplexer.Segments);
        if (count > 0)
        {
            Consume(count);
        }

        if (State == ReceiveState.SizeKnown && _arrived.Length == 0)
        {
            State = ReceiveState.DataRead;
            SettleLoan();
            _stream.Multiplexer.RetireIfFinished(_stream);
        }

        return count;
    }

    /// <summary>Has the next bytes put straight into <paramref name="destination"/>, until <see cref="TakeDelivered"/>.</summary>
    public void Expect(Memory<byte> destination)
    {
        _destination = destination;
        _isExpecting = true;
        _delivered = 0;
    }

    /// <summary>Lets go of the destination.</summary>
    /// <returns>How many bytes are in it.</returns>
    public int TakeDelivered()
    {
        int count = _delivered;
        _delivered = 0;
        _destination = default;
        _isExpecting = false;
        return count;
    }

    /// <summary>Gives up reading: what has arrived is dropped, and so is what still comes.</summary>
    /// <param name="errorCode">What STOP_SENDING says.</param>
    /// <returns>Whether there was anything to give up.</returns>
    public bool Abort(long errorCode)
    {
        if (IsFinished || StopCode is not null)
        {
            return false;
        }

        StopCode = errorCode;
        DropArrived();
        if (_finalSize is not null)
        {
            State = ReceiveState.DataRead;
            SettleLoan();
            _stream.Multiplexer.RetireIfFinished(_stream);
        }
        else
        {
            _stream.Multiplexer.Want(_stream, PendingFrames.StopSending);
        }

        return true;
    }

    /// <summary>Takes a STREAM frame.</summary>
    internal void Receive(long offset, ReadOnlySpan<byte> data, bool fin, long frameType)
    {
        long end = offset + data.Length;
        CheckFinalSize(end, fin, frameType);
        if (State != ReceiveState.Receiving)
        {
            return;
        }

        // Over a reliable transport bytes come in order (draft-ietf-quic-qmux, "Ordering of STREAM Frames").
        if (offset != _next && !_stream.Multiplexer.IsLossy)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, frameType, "a STREAM frame does not follow the one before it");
        }

        CountReceived(end - _window.Received, frameType);
        if (fin)
        {
            _finalSize = end;
            StreamMultiplexer.Unwant(_stream, PendingFrames.StopSending | PendingFrames.MaxStreamData);
        }

        long before = _next;
        if (StopCode is not null)
        {
            _next = _window.Received;
            Consume(_window.Received - _window.Consumed);
        }
        else if (offset <= _next)
        {
            DeliverInOrder(offset, data);
        }
        else
        {
            KeepAhead(offset, data, frameType);
        }

        if (!_isRead && StopCode is null && _finalSize is null && 2 * _window.Unread >= _window.Size)
        {
            // The sender is about to be held up, before anybody could read.
            Grow();
        }

        bool ended = _next == _finalSize;
        if (ended)
        {
            State = StopCode is null ? ReceiveState.SizeKnown : ReceiveState.DataRead;
            SettleLoan();
            _stream.Multiplexer.RetireIfFinished(_stream);
        }

        if ((ended || _next > before) && StopCode is null)
        {
            _stream.Multiplexer.Raise(_stream, StreamEvents.Readable);
        }
    }

    /// <summary>Takes a RESET_STREAM frame.</summary>
    internal void ReceiveReset(long errorCode, long finalSize)
    {
        CheckFinalSize(finalSize, isFinal: true, FrameType.ResetStream);

        // Where everything has arrived already, a reset takes nothing away (RFC 9000, section 3.2).
        if (State != ReceiveState.Receiving)
        {
            return;
        }

        CountReceived(finalSize - _window.Received, FrameType.ResetStream);
        _finalSize = finalSize;
        DropArrived();
        State = ReceiveState.Reset;
        ResetCode = errorCode;
        SettleLoan();
        StreamMultiplexer.Unwant(_stream, PendingFrames.StopSending | PendingFrames.MaxStreamData);
        _stream.Multiplexer.Raise(_stream, StreamEvents.Readable);
        _stream.Multiplexer.RetireIfFinished(_stream);
    }

    /// <summary>A STOP_SENDING or MAX_STREAM_DATA frame was lost: it is sent again where it still matters.</summary>
    internal void ControlWasLost(PendingFrames frame)
    {
        if (State == ReceiveState.Receiving && _finalSize is null && (frame == PendingFrames.StopSending) == (StopCode is not null))
        {
            _stream.Multiplexer.Want(_stream, frame);
        }
    }

    /// <summary>
    /// The first frame of this stream of ours was written: the peer, which sees it before what is said now, may answer with more than the first window.
    /// </summary>
    internal void Announce()
    {
        if (!_isAnnounced)
        {
            _isAnnounced = true;
            Grow();
        }
    }

    /// <summary>The limit to tell the peer now.</summary>
    internal long UpdateLimit() => _window.Update();

    /// <summary>Drops everything; the connection has ended.</summary>
    internal void Abandon()
    {
        _arrived.Clear(_stream.Multiplexer.Segments);
        _ahead?.Clear();
        _ahead = null;
        _destination = default;
        _isExpecting = false;
    }

    private void DeliverInOrder(long offset, ReadOnlySpan<byte> data)
    {
        long end = offset + data.Length;
        if (end <= _next)
        {
            return;
        }

        Deliver(data[(int)(_next - offset)..]);
        _next = end;
        if (_ahead is null)
        {
            return;
        }

        for (ReadOnlySpan<byte> more = _ahead.Peek(_next); !more.IsEmpty; more = _ahead.Peek(_next))
        {
            Deliver(more);
            _ahead.Release(_next, _next + more.Length);
            _next += more.Length;
        }

        _ahead.Release(offset, _next);
        if (_ahead.IsEmpty)
        {
            _ahead = null;
        }
    }

    private void KeepAhead(long offset, ReadOnlySpan<byte> data, long frameType)
    {
        if (data.IsEmpty)
        {
            return;
        }

        _ahead ??= new ReassemblyBuffer(_stream.Multiplexer.Segments);
        _ahead.Add(offset, data);

        // Each gap costs some bytes and some time. What honest loss makes of a full window of packets stays below.
        if (_ahead.RangeCount > MinMaxGaps + (_window.Size / BytesPerGap))
        {
            throw new TransportViolationException(
                TransportErrorCode.InternalError, frameType, "a stream arrives in too many pieces");
        }
    }

    private void Deliver(ReadOnlySpan<byte> data)
    {
        int direct = 0;
        if (_isExpecting && _arrived.Length == 0)
        {
            direct = Math.Min(data.Length, _destination.Length - _delivered);
            data[..direct].CopyTo(_destination.Span[_delivered..]);
            _delivered += direct;
            Consume(direct);
        }

        _arrived.Enqueue(data[direct..], _stream.Multiplexer.Segments);
    }

    private void DropArrived()
    {
        _arrived.Clear(_stream.Multiplexer.Segments);
        _ahead?.Clear();
        _ahead = null;
        _next = _window.Received;
        Consume(_window.Received - _window.Consumed);
        _destination = default;
        _isExpecting = false;
        _delivered = 0;
    }

    private void Consume(long count)
    {
        _window.Consume(count);
        _stream.Multiplexer.Consume(count);
        if (State != ReceiveState.Receiving || StopCode is not null || _finalSize is not null)
        {
            return;
        }

        _isRead |= count > 0;
        Grow();
    }

    // Beside others a stream must not fill what lies between the peers, since all that comes after it waits; alone it does no harm there, and is
    // held up less often.
    private void Grow()
    {
        if (State != ReceiveState.Receiving || _finalSize is not null)
        {
            return;
        }

        ReceiveWindows windows = _stream.Multiplexer.Windows;
        bool isAlone = _stream.Multiplexer.HasBeenAlone(_stream.Id, windows.AloneAfter);
        _window.Size = Math.Max(_window.First, windows.Grant(_own, _lent, windows.WantedFor(isAlone), _isRead));
        SettleLoan();
        if (_window.WantsUpdate)
        {
            _stream.Multiplexer.Want(_stream, PendingFrames.MaxStreamData);
        }
    }

    // What was lent goes back as soon as the peer can no longer use it.
    private void SettleLoan()
    {
        long held = IsFinished ? 0
            : _finalSize is { } size ? size - _window.Consumed
            : _window.Outstanding;
        long lent = Math.Max(0, held - _own);
        _stream.Multiplexer.Windows.Lend(lent - _lent);
        _lent = lent;
    }

    private void CountReceived(long count, long frameType)
    {
        if (count <= 0)
        {
            return;
        }

        if (!_window.TryReceive(count))
        {
            throw new TransportViolationException(
                TransportErrorCode.FlowControlError, frameType, "more was sent on a stream than its limit allows");
        }

        _stream.Multiplexer.CountReceived(count, frameType);
    }

    // Nothing lies beyond the end, and the end never changes (RFC 9000, section 4.5).
    private void CheckFinalSize(long end, bool isFinal, long frameType)
    {
        if (_finalSize is { } size ? end > size || (isFinal && end != size) : isFinal && end < _window.Received)
        {
            throw new TransportViolationException(
                TransportErrorCode.FinalSizeError, frameType, "the final size of a stream changed");
        }

        // Over a reliable transport nothing comes twice.
        if (_finalSize is not null && end != _finalSize && !_stream.Multiplexer.IsLossy)
        {
            throw new TransportViolationException(
                TransportErrorCode.FinalSizeError, frameType, "the final size of a stream changed");
        }
    }
}
