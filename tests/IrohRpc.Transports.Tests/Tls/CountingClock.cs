using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>A fake clock, at the true time, that says when timers were set: one that is set after the clock moved would never fire.</summary>
internal sealed class CountingClock : FakeTimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];
    private int _timers;

    public CountingClock()
        : base(DateTimeOffset.UtcNow)
    {
    }

    /// <summary>Completes once this many timers were set in all.</summary>
    public Task TimersAsync(int count)
    {
        lock (_lock)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((count, reached));
            Notify();
            return reached.Task.WaitAsync(TlsPeer.Patience);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _timers++;
            Notify();
        }

        return timer;
    }

    private void Notify()
    {
        foreach ((int count, TaskCompletionSource reached) in _waits)
        {
            if (_timers >= count)
            {
                reached.TrySetResult();
            }
        }
    }
}
