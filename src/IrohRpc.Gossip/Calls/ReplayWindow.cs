namespace IrohRpc.Gossip.Calls;

/// <summary>
/// Lets each call through once. Gossip forgets the ids of messages after a while, and whoever recorded one could send it again; a call is therefore
/// taken only while it is young, and remembered for as long. Not safe for several threads.
/// </summary>
/// <remarks>
/// Anybody can make up keys and sign with them. What is remembered is therefore counted by origin, and an origin makes room at its own expense only: however
/// many calls others make, however far ahead they are dated, those of an origin that has been heard are neither forgotten nor refused for it.
/// </remarks>
/// <param name="clock">The clock.</param>
/// <param name="maxAge">How old or how far in the future a call may be.</param>
/// <param name="capacity">How many calls are remembered.</param>
/// <param name="capacityPerOrigin">How many of them may be of one origin.</param>
internal sealed class ReplayWindow(TimeProvider clock, TimeSpan maxAge, int capacity, int capacityPerOrigin)
{
    private readonly Dictionary<EndpointId, OriginWindow> _origins = [];
    private readonly OriginWindow _unsigned = new();
    private readonly long _sweepInterval = Math.Max(1, (long)maxAge.TotalMilliseconds / 16);
    private long _nextSweep = long.MinValue;

    /// <summary>How many calls are remembered.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a call in.</summary>
    /// <returns>Why it is refused; null where it is not.</returns>
    public string? TryTake(EndpointId? origin, long time, ulong nonce)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        long reach = (long)maxAge.TotalMilliseconds;
        if (time < now - reach || time > now + reach)
        {
            return $"it says to be of {Describe(time)}, more than {maxAge} away from this machine's clock";
        }

        Sweep(now, reach);
        OriginWindow? window = _unsigned;
        if (origin is { } id && !_origins.TryGetValue(id, out window))
        {
            if (Count >= capacity)
            {
                return $"{capacity} calls of others are remembered, and its maker was not heard before";
            }

            _origins[id] = window = new OriginWindow();
        }

        Count -= window!.Forget(now - reach);
        if (window.TryTake(time, nonce) is { } problem)
        {
            return problem;
        }

        Count++;
        if (window.Count > capacityPerOrigin || Count > capacity)
        {
            window.ForgetOldest();
            Count--;
        }

        return null;
    }

    // Those that are not heard any more are forgotten now and then; the others whenever they are heard.
    private void Sweep(long now, long reach)
    {
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + _sweepInterval;
        Count -= _unsigned.Forget(now - reach);
        foreach ((EndpointId origin, OriginWindow window) in _origins)
        {
            Count -= window.Forget(now - reach);
            if (window.IsEmpty(now - reach))
            {
                // Removing while enumerating is allowed for dictionaries.
                _origins.Remove(origin);
            }
        }
    }

    private static string Describe(long time)
        => time is >= -62_135_596_800_000 and <= 253_402_300_799_999 ? $"{DateTimeOffset.FromUnixTimeMilliseconds(time):u}" : $"{time} ms after 1970";
}
