namespace IrohRpc.Gossip.Calls;

/// <summary>The calls of one origin that are remembered, by their time.</summary>
internal sealed class OriginWindow
{
    private readonly SortedSet<(long Time, ulong Nonce)> _seen = [];
    private long _forgottenUntil = long.MinValue;

    public int Count => _seen.Count;

    /// <summary>Whether nothing is lost when it goes.</summary>
    /// <param name="before">What is older is refused for its age.</param>
    public bool IsEmpty(long before) => _seen.Count == 0 && _forgottenUntil < before;

    /// <returns>Why the call is refused; null where it is not.</returns>
    public string? TryTake(long time, ulong nonce)
    {
        // What had to be forgotten early cannot be told from a repetition any more.
        if (time <= _forgottenUntil)
        {
            return "its maker made more calls since than are remembered";
        }

        return _seen.Add((time, nonce)) ? null : "it was here before";
    }

    /// <summary>Forgets what is refused for its age anyway.</summary>
    /// <returns>How many calls these were.</returns>
    public int Forget(long before)
    {
        int count = 0;
        while (_seen.Count > 0 && _seen.Min is var oldest && oldest.Time < before)
        {
            _seen.Remove(oldest);
            count++;
        }

        return count;
    }

    /// <summary>Forgets the oldest, and refuses whatever is not younger from now on.</summary>
    public void ForgetOldest()
    {
        (long Time, ulong Nonce) oldest = _seen.Min;
        _seen.Remove(oldest);
        _forgottenUntil = Math.Max(_forgottenUntil, oldest.Time);
    }
}
