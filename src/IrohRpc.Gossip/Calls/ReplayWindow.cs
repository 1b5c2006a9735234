namespace IrohRpc.Gossip.Calls;

/// <summary>
/// Lets each call through once. Gossip forgets the ids of messages after a while, and whoever recorded one could send it again; a call is therefore
/// taken only while it is young, and remembered for as long. Not safe for several threads.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="maxAge">How old or how far in the future a call may be.</param>
/// <param name="capacity">How many calls are remembered.</param>
internal sealed class ReplayWindow(TimeProvider clock, TimeSpan maxAge, int capacity)
{
    private readonly HashSet<(EndpointId? Origin, long Time, ulong Nonce)> _seen = [];
    private readonly PriorityQueue<(EndpointId? Origin, long Time, ulong Nonce), long> _oldest = new();
    private long _forgottenUntil = long.MinValue;

    /// <summary>Takes a call in.</summary>
    /// <returns>Why it is refused; null where it is not.</returns>
    public string? TryTake(EndpointId? origin, long time, ulong nonce)
    {
        long now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        long reach = (long)maxAge.TotalMilliseconds;
        Forget(now - reach);
        if (time < now - reach || time > now + reach)
        {
            return $"it says to be of {Describe(time)}, more than {maxAge} away from this machine's clock";
        }

        // What had to be forgotten early cannot be told from a repetition any more.
        if (time <= _forgottenUntil)
        {
            return $"it is of {Describe(time)}, and more calls came than the {capacity} that are remembered";
        }

        (EndpointId? Origin, long Time, ulong Nonce) key = (origin, time, nonce);
        if (!_seen.Add(key))
        {
            return "it was here before";
        }

        _oldest.Enqueue(key, time);
        if (_seen.Count > capacity)
        {
            (EndpointId? Origin, long Time, ulong Nonce) dropped = _oldest.Dequeue();
            _seen.Remove(dropped);
            _forgottenUntil = Math.Max(_forgottenUntil, dropped.Time);
        }

        return null;
    }

    private void Forget(long before)
    {
        while (_oldest.TryPeek(out (EndpointId? Origin, long Time, ulong Nonce) key, out long time) && time < before)
        {
            _oldest.Dequeue();
            _seen.Remove(key);
        }
    }

    private static string Describe(long time)
        => time is >= -62_135_596_800_000 and <= 253_402_300_799_999 ? $"{DateTimeOffset.FromUnixTimeMilliseconds(time):u}" : $"{time} ms after 1970";
}
