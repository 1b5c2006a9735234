namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// What this side may still send, on a stream or on the whole connection (RFC 9000, section 4). A mutable struct: it lives in a field
/// of its owner.
/// </summary>
internal struct SendCredit
{
    private long _reportedLimit;

    /// <summary>Starts with nothing sent.</summary>
    public SendCredit(long limit)
    {
        Limit = limit;
        _reportedLimit = -1;
    }

    /// <summary>The offset up to which the peer allows sending.</summary>
    public long Limit { get; private set; }

    /// <summary>How many bytes were sent.</summary>
    public long Used { get; private set; }

    /// <summary>How many more may be sent.</summary>
    public readonly long Available => Limit - Used;

    /// <summary>Whether the peer has not been told yet that this limit stands in the way.</summary>
    public readonly bool WantsBlockedReport => Available == 0 && _reportedLimit != Limit;

    /// <summary>Takes a limit that the peer sent; a lower one is an old one and without effect.</summary>
    /// <returns>Whether there is more credit than before.</returns>
    public bool Raise(long limit)
    {
        if (limit <= Limit)
        {
            return false;
        }

        Limit = limit;
        return true;
    }

    /// <summary>Counts bytes out.</summary>
    public void Use(long count) => Used += count;

    /// <summary>The peer is told now; once for each limit.</summary>
    public long ReportBlocked() => _reportedLimit = Limit;

    /// <summary>The peer did not hear of it: it is told again where the limit still stands in the way.</summary>
    public void ForgetReport() => _reportedLimit = -1;
}
