using System.Collections.Concurrent;
using IrohRpc.Internal;

namespace IrohRpc.Calls;

/// <summary>
/// The calls of one connection that wait for a thread. One of them stands in the thread pool's queue at a time, and puts the next there before it runs: a connection that
/// sends a thousand calls at once has one turn among those of other connections, and a handler that blocks holds up none behind it.
/// </summary>
/// <param name="schedule">Puts work into the pool's queue.</param>
internal sealed class LaunchQueue(Action<IThreadPoolWorkItem> schedule) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<ILaneWork> _waiting = new();
    private int _isScheduled;

    public LaunchQueue()
        : this(static work => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false))
    {
    }

    /// <summary>Runs a call when its turn has come.</summary>
    public void Add(ILaneWork call)
    {
        _waiting.Enqueue(call);
        Schedule();
    }

    /// <summary>Runs the first call that waits.</summary>
    public void Execute()
    {
        // Before the look: what is added from here on schedules itself.
        Interlocked.Exchange(ref _isScheduled, 0);
        if (!_waiting.TryDequeue(out ILaneWork? call))
        {
            return;
        }

        if (!_waiting.IsEmpty)
        {
            Schedule();
        }

        PoolGrowth.Enter();
        try
        {
            call.Run();
        }
        finally
        {
            PoolGrowth.Leave();
        }
    }

    private void Schedule()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0)
        {
            schedule(this);
        }
    }
}
