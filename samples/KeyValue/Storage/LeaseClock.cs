namespace KeyValue.Storage;

/// <summary>The leases and when each ends. It only counts time: what an end does to keys is the store's business.</summary>
internal sealed class LeaseClock(TimeProvider timeProvider)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, (TimeSpan TimeToLive, long StartedAt)> _leases = [];

    /// <summary>Starts, or starts anew, the time of a lease.</summary>
    public void Start(long lease, TimeSpan timeToLive)
    {
        lock (_gate)
        {
            _leases[lease] = (timeToLive, timeProvider.GetTimestamp());
        }
    }

    /// <summary>Starts the time of a lease that is alive anew; null where it is not.</summary>
    public TimeSpan? Restart(long lease)
    {
        lock (_gate)
        {
            if (!_leases.TryGetValue(lease, out var found) || HasEnded(found))
            {
                return null;
            }

            _leases[lease] = (found.TimeToLive, timeProvider.GetTimestamp());
            return found.TimeToLive;
        }
    }

    /// <summary>Whether a lease is alive.</summary>
    public bool IsAlive(long lease)
    {
        lock (_gate)
        {
            return _leases.TryGetValue(lease, out var found) && !HasEnded(found);
        }
    }

    /// <summary>Forgets a lease.</summary>
    public void Remove(long lease)
    {
        lock (_gate)
        {
            _leases.Remove(lease);
        }
    }

    /// <summary>The leases whose time has run out.</summary>
    public long[] Ended()
    {
        lock (_gate)
        {
            return [.. _leases.Where(lease => HasEnded(lease.Value)).Select(lease => lease.Key)];
        }
    }

    private bool HasEnded((TimeSpan TimeToLive, long StartedAt) lease) => timeProvider.GetElapsedTime(lease.StartedAt) >= lease.TimeToLive;
}
