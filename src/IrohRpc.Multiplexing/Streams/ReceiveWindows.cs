namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// How far streams may be ahead of their readers: the memory that one connection lends to its streams. Every stream has a first window of its
/// own, which nobody can take from it; what a stream gets beyond that comes out of a budget, and goes back to it.
/// </summary>
/// <remarks>
/// The first windows of all streams and the budget together fit into the connection's window, so that streams which nobody reads never use up
/// the credit of those that are read. A stream that is read grows: to the usual window, or to twice what the path holds, whichever is more.
/// </remarks>
internal sealed class ReceiveWindows(long usual, long longest, long budget)
{
    // A stream that has the connection to itself may be so many times as far ahead as one that shares it.
    private const int WideWindow = 4;

    // The share of what is left in the budget that one stream takes: it never runs dry.
    private const int LargestShare = 4;
    private const int LargestShareUnread = 16;

    private long _lent;

    /// <summary>How many bytes the path holds: bandwidth times round trip, as the connection measured it; zero where that is little or not known.</summary>
    public long BandwidthDelayProduct { get; set; }

    /// <summary>How many bytes are lent beyond first windows.</summary>
    public long Lent => _lent;

    /// <summary>After so many bytes in a row a stream is taken to have the connection to itself.</summary>
    public long AloneAfter => 2 * WideWindow * usual;

    /// <summary>How far a stream that is read should be ahead.</summary>
    /// <param name="isAlone">Whether it has had the connection to itself.</param>
    public long WantedFor(bool isAlone)
        => Math.Max(isAlone ? WideWindow * usual : usual, Math.Min(2 * BandwidthDelayProduct, longest));

    /// <summary>The largest window that a stream may have now.</summary>
    /// <param name="own">How much of it is not lent.</param>
    /// <param name="lent">How much is lent to the stream already.</param>
    /// <param name="wanted">How large it should be.</param>
    /// <param name="isRead">Whether anybody has read from the stream. One that nobody reads gets little, and not the last half of the budget.</param>
    public long Grant(long own, long lent, long wanted, bool isRead)
    {
        long extra = wanted - own;
        long left = isRead ? (budget - _lent) / LargestShare : ((budget / 2) - _lent) / LargestShareUnread;
        return extra <= lent ? wanted : own + Math.Min(extra, lent + Math.Max(0, left));
    }

    /// <summary>What is lent to a stream changed.</summary>
    public void Lend(long difference) => _lent += difference;
}
