namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// How many streams of one type this side has opened and may open (RFC 9000, section 4.6). A mutable struct: it lives in a field of its
/// owner.
/// </summary>
internal struct OutboundStreamCount
{
    private long _reportedLimit;
    private bool _isWanted;

    /// <summary>Starts with none opened.</summary>
    public OutboundStreamCount(long limit)
    {
        Limit = limit;
        _reportedLimit = -1;
    }

    /// <summary>How many the peer allows in all.</summary>
    public long Limit { get; private set; }

    /// <summary>How many were opened.</summary>
    public long Opened { get; private set; }

    /// <summary>Whether the peer has not been told yet that its limit stands in the way of somebody.</summary>
    public readonly bool WantsBlockedReport => _isWanted && Opened == Limit && _reportedLimit != Limit;

    /// <summary>Takes a limit that the peer sent; a lower one is an old one and without effect.</summary>
    /// <returns>Whether more streams may be opened than before.</returns>
    public bool Raise(long limit)
    {
        if (limit <= Limit)
        {
            return false;
        }

        Limit = limit;
        _isWanted = false;
        return true;
    }

    /// <summary>Opens the next stream, if the peer allows it.</summary>
    public bool TryOpen(out long index)
    {
        index = Opened;
        if (Opened == Limit)
        {
            _isWanted = true;
            return false;
        }

        Opened++;
        return true;
    }

    /// <summary>The peer is told now; once for each limit.</summary>
    public long ReportBlocked() => _reportedLimit = Limit;

    /// <summary>The peer did not hear of it: it is told again where the limit still stands in the way.</summary>
    public void ForgetReport() => _reportedLimit = -1;
}
