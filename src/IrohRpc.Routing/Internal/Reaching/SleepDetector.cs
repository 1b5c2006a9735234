namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>
/// Recognizes that the machine slept: its timers stood still while the wall clock went on. What the network allowed before may be over then, although no
/// address has changed.
/// </summary>
internal sealed class SleepDetector : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Long enough that a busy machine or a correction of the clock by NTP is not taken for sleep.
    private static readonly TimeSpan LeastSleep = TimeSpan.FromSeconds(15);

    private readonly TimeProvider _time;
    private readonly Action _woke;
    private readonly ITimer _timer;
    private DateTimeOffset _last;

    /// <summary>Starts to watch.</summary>
    /// <param name="time">The clock and its timers.</param>
    /// <param name="woke">Called after each sleep.</param>
    public SleepDetector(TimeProvider time, Action woke)
    {
        _time = time;
        _woke = woke;
        _last = time.GetUtcNow();
        _timer = time.CreateTimer(static detector => ((SleepDetector)detector!).Look(), this, Interval, Interval);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        DateTimeOffset now = _time.GetUtcNow();
        TimeSpan passed = now - _last;
        _last = now;
        if (passed > Interval + LeastSleep)
        {
            _woke();
        }
    }
}
