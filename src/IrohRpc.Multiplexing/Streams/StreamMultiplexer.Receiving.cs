namespace IrohRpc.Multiplexing.Streams;

// What arrives.
internal sealed partial class StreamMultiplexer
{
    // The stream whose bytes arrived last, and how many of its bytes in a row.
    private long _lastToReceive = -1;
    private long _receivedAlone;

    /// <summary>Takes a frame whose type was just read.</summary>
    /// <param name="reader">Stands behind the type.</param>
    /// <returns>Whether the type is one of the stream layer's.</returns>
    /// <exception cref="TransportViolationException">The frame breaks the rules.</exception>
    public bool TryReceive(ref FrameReader reader)
    {
        switch (reader.FrameType)
        {
            case >= FrameType.Stream and <= FrameType.StreamLast:
                ReceiveStream(ref reader);
                return true;
            case FrameType.ResetStream:
                ReceiveResetStream(ref reader);
                return true;
            case FrameType.StopSending:
                ReceiveStopSending(ref reader);
                return true;
            case FrameType.MaxData:
                ReceiveMaxData(reader.ReadInteger());
                return true;
            case FrameType.MaxStreamData:
                ReceiveMaxStreamData(ref reader);
                return true;
            case FrameType.MaxStreamsBidirectional:
                _outboundBidirectional.Raise(ReadStreamCount(ref reader));
                return true;
            case FrameType.MaxStreamsUnidirectional:
                _outboundUnidirectional.Raise(ReadStreamCount(ref reader));
                return true;
            case FrameType.DataBlocked:
                reader.ReadInteger();
                return true;
            case FrameType.StreamDataBlocked:
                // Limits move on as the application reads; that the peer waits for it changes nothing.
                FindReceiving(reader.ReadInteger(), reader.FrameType);
                reader.ReadInteger();
                return true;
            case FrameType.StreamsBlockedBidirectional:
            case FrameType.StreamsBlockedUnidirectional:
                ReadStreamCount(ref reader);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Counts bytes of streams against the connection's window.</summary>
    internal void CountReceived(long count, long frameType)
    {
        if (!_window.TryReceive(count))
        {
            throw new TransportViolationException(
                TransportErrorCode.FlowControlError, frameType, "more was sent than the connection's limit allows");
        }
    }

    /// <summary>Whether the last bytes that arrived, so many and more, were all of one stream.</summary>
    internal bool HasBeenAlone(long id, long bytes) => _lastToReceive == id && _receivedAlone >= bytes;

    /// <summary>Bytes of a stream were read, or dropped for good.</summary>
    internal void Consume(long count) => _window.Consume(count);

    private static long ReadStreamCount(ref FrameReader reader)
    {
        long count = reader.ReadInteger();
        if (count > StreamId.MaxCount)
        {
            reader.ThrowMalformed("a count of streams is above 2^60");
        }

        return count;
    }

    private void ReceiveStream(ref FrameReader reader)
    {
        long type = reader.FrameType;
        long id = reader.ReadInteger();
        long offset = (type & FrameType.StreamOffset) == 0 ? 0 : reader.ReadInteger();
        ReadOnlySpan<byte> data = (type & FrameType.StreamLength) == 0 ? reader.ReadToEnd() : reader.ReadBytes();
        if (offset > VariableLengthInteger.MaxValue - data.Length)
        {
            reader.ThrowMalformed("a stream goes beyond 2^62-1 bytes");
        }

        if (FindReceiving(id, type) is { } stream)
        {
            CountAlone(id, data.Length);
            stream.Receive!.Receive(offset, data, (type & FrameType.StreamFin) != 0, type);
        }
        else if (!data.IsEmpty && !IsLossy)
        {
            // Only a stream whose end has arrived is let go of, so that these bytes lie beyond it (RFC 9000, section 4.5).
            throw new TransportViolationException(
                TransportErrorCode.FinalSizeError, type, "bytes were sent on a stream that has ended");
        }
    }

    private void CountAlone(long id, int count)
    {
        if (_lastToReceive != id)
        {
            _lastToReceive = id;
            _receivedAlone = 0;
        }

        _receivedAlone += count;
    }

    private void ReceiveResetStream(ref FrameReader reader)
    {
        long id = reader.ReadInteger();
        long errorCode = reader.ReadInteger();
        long finalSize = reader.ReadInteger();
        FindReceiving(id, FrameType.ResetStream)?.Receive!.ReceiveReset(errorCode, finalSize);
    }

    private void ReceiveStopSending(ref FrameReader reader)
    {
        long id = reader.ReadInteger();
        long errorCode = reader.ReadInteger();
        FindSending(id, FrameType.StopSending)?.Send!.ReceiveStop(errorCode);
    }

    private void ReceiveMaxStreamData(ref FrameReader reader)
    {
        long id = reader.ReadInteger();
        long limit = reader.ReadInteger();
        FindSending(id, FrameType.MaxStreamData)?.Send!.RaiseLimit(limit);
    }

    private void ReceiveMaxData(long limit)
    {
        if (!_credit.Raise(limit))
        {
            return;
        }

        while (_blocked.TryDequeue(out MultiplexedStream? stream))
        {
            stream.IsInBlockedQueue = false;
            if (!stream.IsRetired)
            {
                Schedule(stream);
            }
        }
    }

    // The stream of a frame that its sender sends (RFC 9000, sections 19.4, 19.8 and 19.13); null where it has ended.
    private MultiplexedStream? FindReceiving(long id, long frameType)
    {
        if (!IsLocal(id))
        {
            return FindInbound(id, frameType);
        }

        if (!StreamId.IsBidirectional(id))
        {
            throw new TransportViolationException(
                TransportErrorCode.StreamStateError, frameType, "the stream is one that only the other side writes");
        }

        return FindOutbound(id, frameType);
    }

    // The stream of a frame that its receiver sends (RFC 9000, sections 19.5 and 19.10); null where it has ended.
    private MultiplexedStream? FindSending(long id, long frameType)
    {
        if (IsLocal(id))
        {
            return FindOutbound(id, frameType);
        }

        if (!StreamId.IsBidirectional(id))
        {
            throw new TransportViolationException(
                TransportErrorCode.StreamStateError, frameType, "the stream is one that only its opener writes");
        }

        return FindInbound(id, frameType);
    }

    private MultiplexedStream? FindOutbound(long id, long frameType)
    {
        long opened = StreamId.IsBidirectional(id) ? _outboundBidirectional.Opened : _outboundUnidirectional.Opened;
        if (StreamId.Index(id) >= opened)
        {
            throw new TransportViolationException(
                TransportErrorCode.StreamStateError, frameType, "the stream was not opened by the side that may open it");
        }

        return _streams.GetValueOrDefault(id);
    }

    private MultiplexedStream? FindInbound(long id, long frameType)
    {
        if (_streams.TryGetValue(id, out MultiplexedStream? stream))
        {
            return stream;
        }

        ref InboundStreamCount count =
            ref StreamId.IsBidirectional(id) ? ref _inboundBidirectional : ref _inboundUnidirectional;
        long index = StreamId.Index(id);
        if (!count.TryOpen(index))
        {
            throw new TransportViolationException(
                TransportErrorCode.StreamLimitError, frameType, "more streams were opened than the limit allows");
        }

        // A stream holds its state at least until it is accepted, so that one without was finished with if it was accepted.
        return index >= count.Accepted ? Add(id) : null;
    }
}
