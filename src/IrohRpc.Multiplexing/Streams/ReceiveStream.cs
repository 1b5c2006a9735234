namespace IrohRpc.Multiplexing;

/// <summary>The receiving part of a stream.</summary>
internal sealed class ReceiveStream
{
    private readonly MultiplexedStream _stream;
    private readonly long _own;
    private ReceiveWindow _window;
    private SegmentQueue _arrived;
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
        SettleLoan();
        if (State == ReceiveState.SizeKnown)
        {
            State = ReceiveState.DataRead;
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
        if (State != ReceiveState.Receiving)
        {
            ReceiveAfterEnd(offset + data.Length, frameType);
            return;
        }

        // Bytes come in order over a reliable transport (draft-ietf-quic-qmux, "Ordering of STREAM Frames").
        if (offset != _window.Received)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, frameType, "a STREAM frame does not follow the one before it");
        }

        CountReceived(data.Length, frameType);
        if (StopCode is not null)
        {
            Consume(data.Length);
        }
        else
        {
            Deliver(data);
            if (!_isRead && !fin && 2 * _window.Unread >= _window.Size)
            {
                // The sender is about to be held up, before anybody could read.
                Grow();
            }
        }

        if (fin)
        {
            State = StopCode is null ? ReceiveState.SizeKnown : ReceiveState.DataRead;
            SettleLoan();
            StreamMultiplexer.Unwant(_stream, PendingFrames.StopSending | PendingFrames.MaxStreamData);
            _stream.Multiplexer.RetireIfFinished(_stream);
        }

        if ((fin || data.Length > 0) && StopCode is null)
        {
            _stream.Multiplexer.Raise(_stream, StreamEvents.Readable);
        }
    }

    /// <summary>Takes a RESET_STREAM frame.</summary>
    internal void ReceiveReset(long errorCode, long finalSize)
    {
        if (State != ReceiveState.Receiving)
        {
            // Everything has arrived already, so that a reset takes nothing away (RFC 9000, section 3.2).
            ReceiveAfterEnd(finalSize, FrameType.ResetStream);
            return;
        }

        if (finalSize < _window.Received)
        {
            throw new TransportViolationException(
                TransportErrorCode.FinalSizeError, FrameType.ResetStream, "the final size is less than what was sent");
        }

        long missing = finalSize - _window.Received;
        CountReceived(missing, FrameType.ResetStream);
        Consume(missing);
        DropArrived();
        State = ReceiveState.Reset;
        ResetCode = errorCode;
        SettleLoan();
        StreamMultiplexer.Unwant(_stream, PendingFrames.StopSending | PendingFrames.MaxStreamData);
        _stream.Multiplexer.Raise(_stream, StreamEvents.Readable);
        _stream.Multiplexer.RetireIfFinished(_stream);
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
        _destination = default;
        _isExpecting = false;
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
        Consume(_arrived.Clear(_stream.Multiplexer.Segments));
        _destination = default;
        _isExpecting = false;
        _delivered = 0;
    }

    private void Consume(long count)
    {
        _window.Consume(count);
        _stream.Multiplexer.Consume(count);
        if (State != ReceiveState.Receiving || StopCode is not null)
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
        long held = IsFinished ? 0 : State == ReceiveState.Receiving ? _window.Outstanding : _window.Unread;
        long lent = Math.Max(0, held - _own);
        _stream.Multiplexer.Windows.Lend(lent - _lent);
        _lent = lent;
    }

    private void CountReceived(long count, long frameType)
    {
        if (!_window.TryReceive(count))
        {
            throw new TransportViolationException(
                TransportErrorCode.FlowControlError, frameType, "more was sent on a stream than its limit allows");
        }

        _stream.Multiplexer.CountReceived(count, frameType);
    }

    // What comes after the end must not change the final size (RFC 9000, section 4.5).
    private void ReceiveAfterEnd(long end, long frameType)
    {
        if (end != _window.Received)
        {
            throw new TransportViolationException(
                TransportErrorCode.FinalSizeError, frameType, "the final size of a stream changed");
        }
    }
}
