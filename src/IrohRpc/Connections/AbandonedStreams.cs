namespace IrohRpc.Connections;

/// <summary>
/// The streams of calls that the peer has reset before they ended, against what it may in a second: who resets more has the streams that it opens wait. A state machine without a clock.
/// </summary>
/// <remarks>
/// A reset costs the peer a frame, and this side a handler that is cancelled. Waiting costs an honest caller little, and bounds what one who does nothing else can take. So many may come at once as in two seconds.
/// Not thread-safe.
/// </remarks>
internal sealed class AbandonedStreams(int perSecond)
{
    private const int BurstSeconds = 2;

    private double _allowed = (double)BurstSeconds * perSecond;
    private TimeSpan _last;

    /// <summary>One more was reset.</summary>
    public void Note(TimeSpan now)
    {
        Refill(now);
        _allowed--;
    }

    /// <summary>How long the next stream waits.</summary>
    public TimeSpan MeasureWait(TimeSpan now)
    {
        Refill(now);
        return _allowed >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_allowed / perSecond);
    }

    private void Refill(TimeSpan now)
    {
        if (now > _last)
        {
            _allowed = Math.Min((double)BurstSeconds * perSecond, _allowed + ((now - _last).TotalSeconds * perSecond));
            _last = now;
        }
    }
}
