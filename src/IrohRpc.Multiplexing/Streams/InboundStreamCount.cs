namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// How many streams of one type the peer may open, has opened, and has had accepted and finished (RFC 9000, section 4.6). A mutable
/// struct: it lives in a field of its owner.
/// </summary>
internal struct InboundStreamCount
{
    private readonly long _concurrent;
    private long _finished;

    /// <summary>Starts with none opened.</summary>
    /// <param name="concurrent">How many may be open at once.</param>
    public InboundStreamCount(long concurrent)
    {
        _concurrent = concurrent;
        Limit = concurrent;
    }

    /// <summary>How many the peer was told that it may open in all.</summary>
    public long Limit { get; private set; }

    /// <summary>How many it has opened; opening one opens all lower ones too.</summary>
    public long Opened { get; private set; }

    /// <summary>How many the application has accepted; they are handed out in order.</summary>
    public long Accepted { get; private set; }

    /// <summary>Whether so many have finished that it pays to tell the peer, or it is near its limit.</summary>
    public readonly bool WantsUpdate
    {
        get
        {
            long pending = Math.Min(_finished + _concurrent, StreamId.MaxCount) - Limit;
            return pending > 0 && (pending >= _concurrent / 8 || Limit - Opened <= _concurrent / 8);
        }
    }

    /// <summary>The peer named the stream with this index.</summary>
    /// <returns>Whether it was allowed to open it.</returns>
    public bool TryOpen(long index)
    {
        if (index >= Limit)
        {
            return false;
        }

        Opened = Math.Max(Opened, index + 1);
        return true;
    }

    /// <summary>The index of the next stream to accept, if there is one.</summary>
    public bool TryAccept(out long index)
    {
        index = Accepted;
        if (Accepted == Opened)
        {
            return false;
        }

        Accepted++;
        return true;
    }

    /// <summary>One stream is finished with, on both sides.</summary>
    public void Finish() => _finished++;

    /// <summary>Moves the limit on; the peer is told the result.</summary>
    public long Update() => Limit = Math.Min(_finished + _concurrent, StreamId.MaxCount);
}
