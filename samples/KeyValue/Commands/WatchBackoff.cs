namespace KeyValue.Commands;

/// <summary>Longer and longer pauses between attempts, with some chance in them, so that many watchers do not come back at once.</summary>
internal sealed class WatchBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    /// <summary>Something worked: the next pause is short again.</summary>
    public void Reset() => _next = First;

    /// <summary>Waits before the next attempt.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan pause = _next * (0.5 + Random.Shared.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        await Task.Delay(pause, cancellationToken);
    }
}
