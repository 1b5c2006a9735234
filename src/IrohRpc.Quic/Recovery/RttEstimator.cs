namespace IrohRpc.Quic.Recovery;

/// <summary>The round-trip time of one path (RFC 9002, section 5).</summary>
internal sealed class RttEstimator
{
    /// <summary>What is assumed before the first sample.</summary>
    public static readonly TimeSpan DefaultInitial = TimeSpan.FromMilliseconds(333);

    /// <summary>The resolution that timers are taken to have.</summary>
    public static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(1);

    private bool _isMinStale;

    /// <summary>Starts with an assumption.</summary>
    public RttEstimator(TimeSpan? initial = null)
    {
        Smoothed = initial ?? DefaultInitial;
        Variation = Smoothed / 2;
    }

    /// <summary>Whether there was a sample.</summary>
    public bool HasSample { get; private set; }

    /// <summary>When the first sample was taken.</summary>
    public TimeSpan FirstSampleAt { get; private set; } = TimeSpan.MaxValue;

    /// <summary>The latest sample, acknowledgement delay included; zero before the first.</summary>
    public TimeSpan Latest { get; private set; }

    /// <summary>The smallest sample.</summary>
    public TimeSpan Min { get; private set; }

    /// <summary>The smoothed round-trip time.</summary>
    public TimeSpan Smoothed { get; private set; }

    /// <summary>The mean deviation.</summary>
    public TimeSpan Variation { get; private set; }

    /// <summary>How long to wait for an acknowledgement, without the peer's max_ack_delay and without back-off.</summary>
    public TimeSpan ProbeTimeout => Smoothed + Max(new TimeSpan(4 * Variation.Ticks), Granularity);

    /// <summary>Takes in a sample.</summary>
    /// <param name="sample">From sending the largest newly acknowledged packet to its acknowledgement.</param>
    /// <param name="ackDelay">How long the peer says it waited, limited to what it may wait.</param>
    /// <param name="now">The time.</param>
    public void Update(TimeSpan sample, TimeSpan ackDelay, TimeSpan now)
    {
        Latest = sample;
        if (!HasSample)
        {
            HasSample = true;
            FirstSampleAt = now;
            Min = sample;
            Smoothed = sample;
            Variation = sample / 2;
            return;
        }

        Min = _isMinStale || sample < Min ? sample : Min;
        _isMinStale = false;

        // A delay that leads below the minimum is a wrong one.
        TimeSpan adjusted = sample >= Min + ackDelay ? sample - ackDelay : sample;
        Variation = new TimeSpan(((3 * Variation.Ticks) + Math.Abs((Smoothed - adjusted).Ticks)) / 4);
        Smoothed = new TimeSpan(((7 * Smoothed.Ticks) + adjusted.Ticks) / 8);
    }

    /// <summary>After persistent congestion the path may be another one: the next sample becomes the minimum.</summary>
    public void ForgetMin() => _isMinStale = true;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
