namespace IrohRpc.Multiplexing;

// What leaves.
internal sealed partial class StreamMultiplexer
{
    // A control frame is at most a type of one byte and three integers.
    private const int MaxControlFrameLength = 1 + (3 * VariableLengthInteger.MaxLength);

    // A STREAM frame with fewer bytes than its header is long is left for the next payload.
    private const int MinStreamFrameRoom = 64;

    private readonly Queue<MultiplexedStream> _control = new();
    private readonly Queue<MultiplexedStream> _ready = new();
    private readonly Queue<MultiplexedStream> _blocked = new();

    /// <summary>Whether there are frames to send. It may be true for nothing, and is never false where there are.</summary>
    public bool HasFrames => _control.Count > 0
        || (_ready.Count > 0)
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
        if (!stream.IsInDataQueue)
        {
            stream.IsInDataQueue = true;
            _ready.Enqueue(stream);
        }
    }

    private void WriteLimits(ref FrameWriter writer)
    {
        if (_window.WantsUpdate && writer.Room >= MaxControlFrameLength)
        {
            writer.Write(FrameType.MaxData, _window.Update());
        }

        if (_inboundBidirectional.WantsUpdate && writer.Room >= MaxControlFrameLength)
        {
            writer.Write(FrameType.MaxStreamsBidirectional, _inboundBidirectional.Update());
        }

        if (_inboundUnidirectional.WantsUpdate && writer.Room >= MaxControlFrameLength)
        {
            writer.Write(FrameType.MaxStreamsUnidirectional, _inboundUnidirectional.Update());
        }

        if (_outboundBidirectional.WantsBlockedReport && writer.Room >= MaxControlFrameLength)
        {
            writer.Write(FrameType.StreamsBlockedBidirectional, _outboundBidirectional.ReportBlocked());
        }

        if (_outboundUnidirectional.WantsBlockedReport && writer.Room >= MaxControlFrameLength)
        {
            writer.Write(FrameType.StreamsBlockedUnidirectional, _outboundUnidirectional.ReportBlocked());
        }
    }

    private void WriteControl(ref FrameWriter writer)
    {
        while (_control.TryPeek(out MultiplexedStream? stream))
        {
            if (writer.Room < 4 * MaxControlFrameLength)
            {
                return;
            }

            _control.Dequeue();
            stream.IsInControlQueue = false;
            PendingFrames pending = stream.Pending;
            stream.Pending = PendingFrames.None;
            if ((pending & PendingFrames.StopSending) != 0)
            {
                writer.Write(FrameType.StopSending, stream.Id, stream.Receive!.StopCode!.Value);
            }
            else if ((pending & PendingFrames.MaxStreamData) != 0)
            {
                writer.Write(FrameType.MaxStreamData, stream.Id, stream.Receive!.UpdateLimit());
            }

            if ((pending & PendingFrames.StreamDataBlocked) != 0 && stream.Send!.WantsBlockedReport)
            {
                writer.Write(FrameType.StreamDataBlocked, stream.Id, stream.Send.ReportBlocked());
            }

            if ((pending & PendingFrames.ResetStream) != 0)
            {
                writer.Write(FrameType.ResetStream, stream.Id, stream.Send!.ResetCode);
                writer.Write(stream.Send.Sent);
                stream.Send.ResetWasSent();
            }
        }
    }

    private void WriteData(ref FrameWriter writer)
    {
        while (writer.Room >= MinStreamFrameRoom && _ready.TryDequeue(out MultiplexedStream? stream))
        {
            SendStream send = stream.Send!;
            if (!send.IsReady)
            {
                stream.IsInDataQueue = false;
            }
            else if (!send.WriteFrame(ref writer, ref _credit))
            {
                Block(stream);
            }
            else
            {
                if (send.IsReady)
                {
                    _ready.Enqueue(stream);
                }
                else
                {
                    stream.IsInDataQueue = false;
                }

                stream.Receive?.Announce();
            }
        }
    }

    private void Block(MultiplexedStream stream)
    {
        // Streams that were given up while they waited for credit must not pile up behind a peer that grants none.
        if (_blocked.Count > _streams.Count)
        {
            for (int left = _blocked.Count; left > 0; left--)
            {
                MultiplexedStream other = _blocked.Dequeue();
                if (!other.IsRetired)
                {
                    _blocked.Enqueue(other);
                }
            }
        }

        _blocked.Enqueue(stream);
    }

    private void WriteBlocked(ref FrameWriter writer)
    {
        if (_blocked.Count > 0 && _credit.WantsBlockedReport && writer.Room >= MaxControlFrameLength)
        {
            writer.Write(FrameType.DataBlocked, _credit.ReportBlocked());
        }
    }
}
