namespace IrohRpc.Blobs.Provider;

/// <summary>Lets so much through a second, and a second's worth at once. Safe for several threads.</summary>
internal sealed class RateLimit(long perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();

    // When what was let through so far is paid for, in seconds since the start.
    private double _paidUntil = -1;

    /// <summary>Waits until so much may pass.</summary>
    public ValueTask WaitAsync(long amount, CancellationToken cancellationToken)
    {
        if (perSecond == long.MaxValue)
        {
            return ValueTask.CompletedTask;
        }

        TimeSpan wait;
        lock (_lock)
        {
            double now = time.GetElapsedTime(_start).TotalSeconds;
            _paidUntil = Math.Max(_paidUntil, now - 1) + ((double)amount / perSecond);
            wait = TimeSpan.FromSeconds(_paidUntil - now);
        }

        return wait > TimeSpan.Zero ? new(Task.Delay(wait, time, cancellationToken)) : ValueTask.CompletedTask;
    }

    /// <summary>Lets one through, or says that the limit is reached.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            double now = time.GetElapsedTime(_start).TotalSeconds;
            double until = Math.Max(_paidUntil, now - 1) + (1.0 / perSecond);
            if (until > now)
            {
                return false;
            }

            _paidUntil = until;
            return true;
        }
    }
}
