namespace IrohRpc.Multiplexing;

/// <summary>The sending part of a stream.</summary>
internal sealed class SendStream
{
    /// <summary>How many bytes are copied and kept for sending; a write beyond that waits, and is sent from its own memory.</summary>
    public const int MaxBuffered = 64 * 1024;

    /// <summary>A write of this size or more is never copied for keeping: waiting costs it less than a second copy.</summary>
    public const int LargeWrite = 32 * 1024;

    private readonly MultiplexedStream _stream;
    private SendCredit _credit;
    private SegmentQueue _buffered;
    private ReadOnlyMemory<byte> _waiting;

    internal SendStream(MultiplexedStream stream, long limit)
    {
        _stream = stream;
        _credit = new SendCredit(limit);
    }

    /// <summary>Where the sending part stands.</summary>
    public SendState State { get; private set; }

    /// <summary>Whether a write waits for its bytes to be taken.</summary>
    public bool IsWriteWaiting { get; private set; }

    /// <summary>Whether the application has said that nothing more follows.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>The code with which the peer refused to read on, or null where it did not.</summary>
    public long? StopCode { get; private set; }

    /// <summary>The code with which this part was given up, by either side.</summary>
    public long ResetCode { get; private set; }

    internal bool IsFinished => State is SendState.FinSent or SendState.ResetSent;

    internal long Sent => _credit.Used;

    internal long Limit => _credit.Limit;

    /// <summary>Whether a data frame could be sent if the connection's credit allows.</summary>
    internal bool IsReady => State == SendState.Sending
        && (PendingLength > 0 ? _credit.Available > 0 : IsCompleted);

    /// <summary>Whether the stream's limit stands in the way of data and the peer has not been told.</summary>
    internal bool WantsBlockedReport => State == SendState.Sending && PendingLength > 0 && _credit.WantsBlockedReport;

    private long PendingLength => (long)_buffered.Length + _waiting.Length;

    /// <summary>Writes bytes. Only while sending, not completed, and with no write waiting.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="complete">Whether these are the last.</param>
    /// <returns>
    /// Whether the bytes were taken. Otherwise the write waits and the memory stays in use until <see cref="StreamEvents.Written"/>
    /// or until this part is given up.
    /// </returns>
    public bool Write(ReadOnlyMemory<byte> data, bool complete)
    {
        IsCompleted |= complete;

        // Bytes that the peer has not asked for yet are not taken, so that what is kept for a peer that does not read stays small.
        long room = Math.Min(MaxBuffered, _credit.Available) - _buffered.Length;
        if (data.Length <= room && data.Length < LargeWrite)
        {
            _buffered.Enqueue(data.Span, _stream.Multiplexer.Segments);
        }
        else
        {
            _waiting = data;
            IsWriteWaiting = true;
        }

        Schedule();
        return !IsWriteWaiting;
    }

    /// <summary>Says that nothing more follows.</summary>
    public void Complete()
    {
        if (State == SendState.Sending && !IsCompleted)
        {
            IsCompleted = true;
            Schedule();
        }
    }

    /// <summary>Gives up sending.</summary>
    /// <param name="errorCode">What RESET_STREAM says.</param>
    /// <returns>Whether there was anything to give up.</returns>
    public bool Abort(long errorCode)
    {
        if (State != SendState.Sending)
        {
            return false;
        }

        State = SendState.ResetPending;
        ResetCode = errorCode;
        Abandon();
        StreamMultiplexer.Unwant(_stream, PendingFrames.StreamDataBlocked);
        _stream.Multiplexer.Want(_stream, PendingFrames.ResetStream);
        return true;
    }

    /// <summary>Takes a MAX_STREAM_DATA frame.</summary>
    internal void RaiseLimit(long limit)
    {
        if (_credit.Raise(limit))
        {
            Schedule();
        }
    }

    /// <summary>Takes a STOP_SENDING frame: sending ends with a reset of the same code (RFC 9000, section 3.5).</summary>
    internal void ReceiveStop(long errorCode)
    {
        if (Abort(errorCode))
        {
            StopCode = errorCode;
            _stream.Multiplexer.Raise(_stream, StreamEvents.Stopped);
        }
    }

    internal void ResetWasSent()
    {
        State = SendState.ResetSent;
        _stream.Multiplexer.RetireIfFinished(_stream);
    }

    /// <summary>The limit that a STREAM_DATA_BLOCKED frame names now.</summary>
    internal long ReportBlocked() => _credit.ReportBlocked();

    /// <summary>Writes one STREAM frame as large as there is data, credit and room.</summary>
    /// <param name="writer">Where it goes; it has room for a header and some bytes.</param>
    /// <param name="connection">The connection's credit.</param>
    /// <returns>Whether a frame was written; false where the connection's credit stands in the way.</returns>
    internal bool WriteFrame(ref FrameWriter writer, ref SendCredit connection)
    {
        long offset = _credit.Used;
        int header = 1 + VariableLengthInteger.LengthOf(_stream.Id) + 2
            + (offset == 0 ? 0 : VariableLengthInteger.LengthOf(offset));
        long pending = PendingLength;
        int length = (int)Math.Min(
            Math.Min(pending, writer.Room - header),
            Math.Min(_credit.Available, connection.Available));
        if (length == 0 && pending > 0)
        {
            return false;
        }

        bool fin = IsCompleted && length == pending;
        writer.Write(FrameType.Stream | FrameType.StreamLength
            | (offset == 0 ? 0 : FrameType.StreamOffset) | (fin ? FrameType.StreamFin : 0));
        writer.Write(_stream.Id);
        if (offset != 0)
        {
            writer.Write(offset);
        }

        writer.Write(length);
        CopyPending(writer.Free[..length]);
        writer.Advance(length);
        _credit.Use(length);
        connection.Use(length);

        if (fin)
        {
            State = SendState.FinSent;
            _stream.Multiplexer.Raise(_stream, StreamEvents.WritesFinished);
            _stream.Multiplexer.RetireIfFinished(_stream);
        }
        else
        {
            WantBlockedReport();
        }

        return true;
    }

    /// <summary>Drops everything that was not sent.</summary>
    internal void Abandon()
    {
        _buffered.Clear(_stream.Multiplexer.Segments);
        _waiting = default;
        IsWriteWaiting = false;
    }

    private void CopyPending(Span<byte> destination)
    {
        int copied = _buffered.Dequeue(destination, _stream.Multiplexer.Segments);
        if (!IsWriteWaiting)
        {
            return;
        }

        destination = destination[copied..];
        _waiting.Span[..destination.Length].CopyTo(destination);
        _waiting = _waiting[destination.Length..];
        if (_waiting.IsEmpty)
        {
            _waiting = default;
            IsWriteWaiting = false;
            _stream.Multiplexer.Raise(_stream, StreamEvents.Written);
        }
    }

    private void Schedule()
    {
        WantBlockedReport();
        if (IsReady)
        {
            _stream.Multiplexer.Schedule(_stream);
        }
    }

    private void WantBlockedReport()
    {
        if (WantsBlockedReport)
        {
            _stream.Multiplexer.Want(_stream, PendingFrames.StreamDataBlocked);
        }
    }
}
