namespace IrohRpc.Gossip.Net;

/// <summary>What is due when, on one timer. Used under the lock of its owner, which what it calls takes.</summary>
internal sealed class TimerQueue : IDisposable
{
    private readonly PriorityQueue<Action, long> _due = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _armedFor = long.MaxValue;

    public TimerQueue(TimeProvider time, Action onDue)
    {
        _time = time;
        _timer = time.CreateTimer(_ => onDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TimeSpan delay, Action action)
    {
        long at = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
        _due.Enqueue(action, at);
        Arm();
    }

    public bool TryTake(out Action action)
    {
        if (_due.TryPeek(out action!, out long at) && at <= _time.GetTimestamp())
        {
            _due.Dequeue();
            return true;
        }

        _armedFor = long.MaxValue;
        Arm();
        return false;
    }

    public void Dispose() => _timer.Dispose();

    private void Arm()
    {
        if (_due.TryPeek(out _, out long at) && at < _armedFor)
        {
            _armedFor = at;
            double seconds = (double)(at - _time.GetTimestamp()) / _time.TimestampFrequency;

            // A timer has whole milliseconds, and one that fires early would fire again at once.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(seconds * 1000))), Timeout.InfiniteTimeSpan);
        }
    }
}
