namespace IrohRpc.Multiplexing.Streams;

// What leaves.
internal sealed partial class StreamMultiplexer
{
    // A control frame is at most a type of one byte and three integers.
    private const int MaxControlFrameLength = 1 + (3 * VariableLengthInteger.MaxLength);

    // A STREAM frame with fewer bytes than its header is long is left for the next payload.
    private const int MinStreamFrameRoom = 64;

    // What a stream sends in one turn where packets are small: few packets, so that a lost one holds up few streams and turns come soon.
    private const int LossyQuantum = 4096;

    private StreamQueue _control;
    private readonly StreamScheduler _scheduler;
    private StreamQueue _blocked;

    /// <summary>Whether a stream that goes before those of the usual priority has something to send.</summary>
    public bool HasPreferredData => _scheduler.HasPreferred;

    /// <summary>Whether there are frames to send. It may be true for nothing, and is never false where there are.</summary>
    public bool HasFrames => _control.Count > 0
        || !_scheduler.IsEmpty
        || _resend != ConnectionFrames.None
        || _window.WantsUpdate
        || _inboundBidirectional.WantsUpdate
        || _inboundUnidirectional.WantsUpdate
        || _outboundBidirectional.WantsBlockedReport
        || _outboundUnidirectional.WantsBlockedReport
        || (_blocked.Count > 0 && _credit.WantsBlockedReport);

    /// <summary>
    /// Writes frames until there are none or no room: first those that let the peer go on, then data, each stream that has some in turn
    /// with one frame.
    /// </summary>
    public void WriteFrames(ref FrameWriter writer)
    {
        WriteLimits(ref writer);
        WriteControl(ref writer);
        WriteData(ref writer);
        WriteBlocked(ref writer);
    }

    /// <summary>Has control frames of a stream sent.</summary>
    internal void Want(MultiplexedStream stream, PendingFrames frames)
    {
        if (stream.IsRetired)
        {
            return;
        }

        stream.Pending |= frames;
        if (!stream.IsInControlQueue)
        {
            stream.IsInControlQueue = true;
            _control.Enqueue(stream);
        }
    }

    /// <summary>Has control frames of a stream not sent after all.</summary>
    internal static void Unwant(MultiplexedStream stream, PendingFrames frames) => stream.Pending &= ~frames;

    /// <summary>Puts a stream that is ready in line for sending.</summary>
    internal void Schedule(MultiplexedStream stream)
    {
        if (!stream.IsInDataQueue && (!stream.IsInBlockedQueue || stream.Send!.HasLost))
        {
            stream.IsInDataQueue = true;
            _scheduler.Enqueue(stream);
        }
    }

    /// <summary>Takes a stream out of line for sending.</summary>
    /// <returns>Whether it stood there.</returns>
    internal bool TryUnschedule(MultiplexedStream stream)
    {
        if (!stream.IsInDataQueue)
        {
            return false;
        }

        _scheduler.Remove(stream);
        stream.IsInDataQueue = false;
        return true;
    }

    private void WriteLimits(ref FrameWriter writer)
    {
        if ((_window.WantsUpdate || IsToResend(ConnectionFrames.MaxData)) && writer.Room >= MaxControlFrameLength)
        {
            Write(ref writer, FrameType.MaxData, _window.Update(), SentFrameKind.MaxData, ConnectionFrames.MaxData);
        }

        if ((_inboundBidirectional.WantsUpdate || IsToResend(ConnectionFrames.MaxStreamsBidirectional))
            && writer.Room >= MaxControlFrameLength)
        {
            Write(
                ref writer,
                FrameType.MaxStreamsBidirectional,
                _inboundBidirectional.Update(),
                SentFrameKind.MaxStreamsBidirectional,
                ConnectionFrames.MaxStreamsBidirectional);
        }

        if ((_inboundUnidirectional.WantsUpdate || IsToResend(ConnectionFrames.MaxStreamsUnidirectional))
            && writer.Room >= MaxControlFrameLength)
        {
            Write(
                ref writer,
                FrameType.MaxStreamsUnidirectional,
                _inboundUnidirectional.Update(),
                SentFrameKind.MaxStreamsUnidirectional,
                ConnectionFrames.MaxStreamsUnidirectional);
        }

        if (_outboundBidirectional.WantsBlockedReport && writer.Room >= MaxControlFrameLength)
        {
            Write(
                ref writer,
                FrameType.StreamsBlockedBidirectional,
                _outboundBidirectional.ReportBlocked(),
                SentFrameKind.StreamsBlockedBidirectional);
        }

        if (_outboundUnidirectional.WantsBlockedReport && writer.Room >= MaxControlFrameLength)
        {
            Write(
                ref writer,
                FrameType.StreamsBlockedUnidirectional,
                _outboundUnidirectional.ReportBlocked(),
                SentFrameKind.StreamsBlockedUnidirectional);
        }
    }

    private bool IsToResend(ConnectionFrames frame) => (_resend & frame) != 0;

    private void Write(
        ref FrameWriter writer, long type, long value, SentFrameKind kind, ConnectionFrames frame = ConnectionFrames.None)
    {
        writer.Write(type, value);
        _resend &= ~frame;
        SentFrames?.Add(kind, offset: value);
    }

    private void WriteControl(ref FrameWriter writer)
    {
        while (_control.TryPeek(out MultiplexedStream? stream))
        {
            if (writer.Room < 4 * MaxControlFrameLength)
            {
                return;
            }

            _control.TryDequeue(out _);
            stream.IsInControlQueue = false;
            PendingFrames pending = stream.Pending;
            stream.Pending = PendingFrames.None;
            if ((pending & PendingFrames.StopSending) != 0)
            {
                writer.Write(FrameType.StopSending, stream.Id, stream.Receive!.StopCode!.Value);
                SentFrames?.Add(SentFrameKind.StopSending, stream);
            }
            else if ((pending & PendingFrames.MaxStreamData) != 0)
            {
                writer.Write(FrameType.MaxStreamData, stream.Id, stream.Receive!.UpdateLimit());
                SentFrames?.Add(SentFrameKind.MaxStreamData, stream, stream.Receive.Limit);
            }

            if ((pending & PendingFrames.StreamDataBlocked) != 0 && stream.Send!.WantsBlockedReport)
            {
                writer.Write(FrameType.StreamDataBlocked, stream.Id, stream.Send.ReportBlocked());
                SentFrames?.Add(SentFrameKind.StreamDataBlocked, stream);
            }

            if ((pending & PendingFrames.ResetStream) != 0)
            {
                writer.Write(FrameType.ResetStream, stream.Id, stream.Send!.ResetCode);
                writer.Write(stream.Send.Sent);
                SentFrames?.Add(SentFrameKind.ResetStream, stream);
                stream.Send.ResetWasSent();
            }
        }
    }

    private void WriteData(ref FrameWriter writer)
    {
        while (writer.Room >= MinStreamFrameRoom && _scheduler.TryPeek(out MultiplexedStream stream))
        {
            SendStream send = stream.Send!;
            int written = send.IsReady ? send.WriteFrame(ref writer, ref _credit) : 0;
            if (written > 0)
            {
                stream.Receive?.Announce();
            }

            if (written >= 0 && send.IsReady)
            {
                _scheduler.Charge(written);
                continue;
            }

            _scheduler.Leave();
            stream.IsInDataQueue = false;
            if (written < 0)
            {
                Block(stream);
            }
        }
    }

    private void Block(MultiplexedStream stream)
    {
        // Streams that were given up while they waited for credit must not pile up behind a peer that grants none.
        if (_blocked.Count > _streams.Count)
        {
            for (int left = _blocked.Count; left > 0 && _blocked.TryDequeue(out MultiplexedStream? other); left--)
            {
                if (!other.IsRetired)
                {
                    _blocked.Enqueue(other);
                }
            }
        }

        if (!stream.IsInBlockedQueue)
        {
            stream.IsInBlockedQueue = true;
            _blocked.Enqueue(stream);
        }
    }

    private void WriteBlocked(ref FrameWriter writer)
    {
        if (_blocked.Count > 0 && _credit.WantsBlockedReport && writer.Room >= MaxControlFrameLength)
        {
            Write(ref writer, FrameType.DataBlocked, _credit.ReportBlocked(), SentFrameKind.DataBlocked);
        }
    }
}
