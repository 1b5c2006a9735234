using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.QMux;

/// <summary>
/// QX_PING, both ways. Whatever the peer asks, one answer waits at most, to the newest: the draft allows it, and a flood of pings then
/// costs no memory and provokes no flood. A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct PingExchange
{
    private long _sentSequence;
    private long _receivedSequence;
    private bool _isRequestWanted;
    private bool _isResponseWanted;

    /// <summary>Starts with none sent and none received.</summary>
    public PingExchange()
    {
        _sentSequence = -1;
        _receivedSequence = -1;
    }

    /// <summary>Whether a ping is yet to be sent.</summary>
    public readonly bool IsRequestWanted => _isRequestWanted;

    /// <summary>Whether there is a frame to send.</summary>
    public readonly bool HasFrames => _isRequestWanted || _isResponseWanted;

    /// <summary>The number of the next ping.</summary>
    public readonly long NextSequence => _sentSequence + 1;

    /// <summary>Has the peer asked for a sign of life.</summary>
    public void Want() => _isRequestWanted = true;

    /// <summary>The peer asks.</summary>
    public void ReceiveRequest(long sequence)
    {
        if (sequence <= _receivedSequence)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QMuxFrameType.PingRequest, "the sequence numbers of pings do not increase");
        }

        _receivedSequence = sequence;
        _isResponseWanted = true;
    }

    /// <summary>The peer answers.</summary>
    public readonly void ReceiveResponse(long sequence)
    {
        if (sequence > _sentSequence)
        {
            throw new TransportViolationException(
                TransportErrorCode.ProtocolViolation, QMuxFrameType.PingResponse, "a ping was answered that was not sent");
        }
    }

    /// <summary>Writes what is to be sent.</summary>
    public void Write(ref FrameWriter writer)
    {
        if (_isResponseWanted)
        {
            _isResponseWanted = false;
            writer.Write(QMuxFrameType.PingResponse, _receivedSequence);
        }

        if (_isRequestWanted)
        {
            _isRequestWanted = false;
            writer.Write(QMuxFrameType.PingRequest, ++_sentSequence);
        }
    }
}
