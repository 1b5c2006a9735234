namespace IrohRpc.Quic.Congestion;

/// <summary>
/// Spreads a window over a round trip (RFC 9002, section 7.7). A token bucket: what was not sent while there was nothing to send may be
/// sent at once, up to a burst.
/// </summary>
internal sealed class Pacer
{
    private const double SlowStartGain = 2;
    private const double AvoidanceGain = 1.25;
    private const int MinBurstPackets = 10;

    // Timers are not finer than this, so that a burst must last until the next one.
    private static readonly TimeSpan BurstInterval = TimeSpan.FromMilliseconds(2);

    private double _tokens = double.MaxValue;
    private TimeSpan _updatedAt;

    /// <summary>When a number of bytes may be sent: not later than <paramref name="now"/> if at once.</summary>
    /// <param name="bytes">The bytes of the next datagram.</param>
    /// <param name="window">The congestion window.</param>
    /// <param name="isSlowStart">Whether the window is still searched for, so that the pace must allow it to double.</param>
    /// <param name="smoothedRtt">The round-trip time.</param>
    /// <param name="mtu">The size of a full datagram.</param>
    /// <param name="now">The time.</param>
    public TimeSpan NextSendTime(int bytes, long window, bool isSlowStart, TimeSpan smoothedRtt, int mtu, TimeSpan now)
    {
        double bytesPerTick = (isSlowStart ? SlowStartGain : AvoidanceGain) * window / Math.Max(smoothedRtt.Ticks, 1);
        double burst = Math.Max(MinBurstPackets * mtu, bytesPerTick * BurstInterval.Ticks);
        _tokens = Math.Min(burst, _tokens + (bytesPerTick * (now - _updatedAt).Ticks));
        _updatedAt = now;
        return _tokens >= bytes ? now : now + TimeSpan.FromTicks((long)Math.Ceiling((bytes - _tokens) / bytesPerTick));
    }

    /// <summary>Bytes were sent. More than was allowed is made up for later.</summary>
    public void OnSent(int bytes) => _tokens -= bytes;
}
