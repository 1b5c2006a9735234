namespace IrohRpc.Multiplexing.Streams;

/// <summary>The sending part of a stream.</summary>
/// <remarks>
/// Where the transport below may lose packets, all bytes pass through a buffer that keeps them until they are acknowledged, and lost ranges
/// go before new bytes. Where it is reliable, sending is the end of it, and large writes are sent from their own memory.
/// </remarks>
internal sealed class SendStream
{
    /// <summary>How many bytes are copied and kept for sending; a write beyond that waits, and is sent from its own memory.</summary>
    public const int MaxBuffered = 64 * 1024;

    /// <summary>A write of this size or more is never copied for keeping: waiting costs it less than a second copy.</summary>
    public const int LargeWrite = 32 * 1024;

    /// <summary>How many unsent bytes are kept where sent ones are kept too; a write beyond that waits for the rest of it.</summary>
    public const int MaxUnsent = 128 * 1024;

    // A waiting write is taken on in pieces of this size.
    private const int RefillLength = 16 * 1024;

    private readonly MultiplexedStream _stream;
    private SendCredit _credit;
    private SendBuffer _buffer;
    private ReadOnlyMemory<byte> _waiting;
    private bool _isFinLost;
    private bool _isFinAcknowledged;
    private bool _isResetAcknowledged;

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

    /// <summary>Whether the peer has everything, the end included; on a reliable transport, whether everything was sent.</summary>
    internal bool IsDelivered => State == SendState.FinSent
        && (!IsLossy || (_isFinAcknowledged && _buffer.Start == _credit.Used));

    internal bool IsFinished => IsDelivered || (State == SendState.ResetSent && (!IsLossy || _isResetAcknowledged));

    internal long Sent => _credit.Used;

    internal long Limit => _credit.Limit;

    /// <summary>Whether a data frame could be sent if the connection's credit allows.</summary>
    internal bool IsReady => HasLost || (State == SendState.Sending
        && (PendingLength > 0 ? _credit.Available > 0 : IsCompleted));

    /// <summary>Whether something is to be sent again, which needs no credit.</summary>
    internal bool HasLost => _buffer.HasLost || _isFinLost;

    /// <summary>Whether the stream's limit stands in the way of data and the peer has not been told.</summary>
    internal bool WantsBlockedReport => State == SendState.Sending && PendingLength > 0 && _credit.WantsBlockedReport;

    private bool IsLossy => _stream.Multiplexer.SentFrames is not null;

    private long PendingLength => (long)_buffer.UnsentLength + _waiting.Length;

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
        long room = Room;
        int taken = data.Length <= room && (IsLossy || data.Length < LargeWrite) ? data.Length
            : IsLossy ? (int)Math.Max(0, room)
            : 0;
        _buffer.Append(data.Span[..taken], _stream.Multiplexer.Segments);
        if (taken < data.Length)
        {
            _waiting = data[taken..];
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
        if (State != SendState.Sending && (State != SendState.FinSent || IsFinished))
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

    internal void ResetWasAcknowledged()
    {
        _isResetAcknowledged = true;
        _stream.Multiplexer.RetireIfFinished(_stream);
    }

    internal void ResetWasLost()
    {
        if (State == SendState.ResetSent && !_isResetAcknowledged)
        {
            _stream.Multiplexer.Want(_stream, PendingFrames.ResetStream);
        }
    }

    /// <summary>The limit that a STREAM_DATA_BLOCKED frame names now.</summary>
    internal long ReportBlocked() => _credit.ReportBlocked();

    /// <summary>A STREAM_DATA_BLOCKED frame was lost.</summary>
    internal void BlockedReportWasLost()
    {
        _credit.ForgetReport();
        WantBlockedReport();
    }

    /// <summary>Writes one STREAM frame as large as there is data, credit and room; what was lost goes first.</summary>
    /// <param name="writer">Where it goes; it has room for a header and some bytes.</param>
    /// <param name="connection">The connection's credit.</param>
    /// <returns>How many bytes the frame carries; -1 where none was written since the connection's credit stands in the way.</returns>
    internal int WriteFrame(ref FrameWriter writer, ref SendCredit connection)
    {
        if (HasLost)
        {
            return WriteLost(ref writer);
        }

        if (IsLossy)
        {
            Refill();
        }

        long offset = _credit.Used;
        long pending = PendingLength;
        int length = (int)Math.Min(
            Math.Min(IsLossy ? _buffer.UnsentLength : pending, writer.Room - HeaderLength(offset)),
            Math.Min(_credit.Available, connection.Available));
        if (length == 0 && pending > 0)
        {
            return -1;
        }

        bool fin = IsCompleted && length == pending;
        WriteHeader(ref writer, offset, length, fin);
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

        return length;
    }

    /// <summary>A STREAM frame has arrived at the peer.</summary>
    internal void HandleAcknowledged(long offset, int length, bool fin)
    {
        if (State is SendState.ResetPending or SendState.ResetSent)
        {
            return;
        }

        _buffer.Acknowledge(offset, offset + length, _stream.Multiplexer.Segments);
        if (fin)
        {
            _isFinAcknowledged = true;
            _isFinLost = false;
        }

        _stream.Multiplexer.RetireIfFinished(_stream);
    }

    /// <summary>A STREAM frame was lost: what of it has not arrived otherwise is sent again.</summary>
    internal void HandleLost(long offset, int length, bool fin)
    {
        if (State is SendState.ResetPending or SendState.ResetSent)
        {
            return;
        }

        _buffer.Lose(offset, offset + length);
        _isFinLost |= fin && !_isFinAcknowledged;
        if (HasLost)
        {
            _stream.Multiplexer.Schedule(_stream);
        }
    }

    /// <summary>Drops everything that is kept.</summary>
    internal void Abandon()
    {
        _buffer.Clear(_stream.Multiplexer.Segments);
        _isFinLost = false;
        _waiting = default;
        IsWriteWaiting = false;
    }

    // How many more bytes may be kept for sending.
    private long Room => Math.Min(IsLossy ? MaxUnsent : MaxBuffered, _credit.Available) - _buffer.UnsentLength;

    private int WriteLost(ref FrameWriter writer)
    {
        (long offset, long end) = _buffer.HasLost ? _buffer.FirstLost : (_credit.Used, _credit.Used);
        int length = (int)Math.Min(end - offset, writer.Room - HeaderLength(offset));
        end = offset + length;
        bool fin = State == SendState.FinSent && end == _credit.Used && !_isFinAcknowledged;
        WriteHeader(ref writer, offset, length, fin);
        _buffer.CopyLost(offset, writer.Free[..length]);
        writer.Advance(length);
        _isFinLost &= !fin;
        return length;
    }

    private int HeaderLength(long offset) => 1 + VariableLengthInteger.LengthOf(_stream.Id) + 2
        + (offset == 0 ? 0 : VariableLengthInteger.LengthOf(offset));

    private void WriteHeader(ref FrameWriter writer, long offset, int length, bool fin)
    {
        writer.Write(FrameType.Stream | FrameType.StreamLength
            | (offset == 0 ? 0 : FrameType.StreamOffset) | (fin ? FrameType.StreamFin : 0));
        writer.Write(_stream.Id);
        if (offset != 0)
        {
            writer.Write(offset);
        }

        writer.Write(length);
        _stream.Multiplexer.SentFrames?.Add(SentFrameKind.Stream, _stream, offset, length, fin);
    }

    private void CopyPending(Span<byte> destination)
    {
        int buffered = Math.Min(destination.Length, _buffer.UnsentLength);
        _buffer.CopyUnsent(destination[..buffered]);
        if (IsLossy)
        {
            Refill();
            return;
        }

        _buffer.Release(_buffer.Sent, _stream.Multiplexer.Segments);
        if (!IsWriteWaiting)
        {
            return;
        }

        destination = destination[buffered..];
        _waiting.Span[..destination.Length].CopyTo(destination);
        TakeWaiting(destination.Length);
    }

    // Takes on more of a waiting write, in pieces that are worth it.
    private void Refill()
    {
        if (!IsWriteWaiting)
        {
            return;
        }

        int room = (int)Math.Min(_waiting.Length, Room);
        if (room >= Math.Min(_waiting.Length, RefillLength) || (room > 0 && _buffer.UnsentLength == 0))
        {
            _buffer.Append(_waiting.Span[..room], _stream.Multiplexer.Segments);
            TakeWaiting(room);
        }
    }

    private void TakeWaiting(int count)
    {
        _waiting = _waiting[count..];
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
