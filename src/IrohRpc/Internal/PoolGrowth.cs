using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Internal;

/// <summary>
/// Keeps handlers that block their threads from delaying everybody else. While user code runs, a thread of its own looks whether the thread pool still starts
/// work; if the pool is stuck behind blocked handlers, its minimum is raised at once, which otherwise takes it a second for each thread or two.
/// </summary>
/// <remarks>The minimum goes back when no handler has blocked for a while. Nothing runs while no user code does.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "There is one for the life of the process.")]
internal sealed class PoolGrowth : IThreadPoolWorkItem
{
    /// <summary>The highest minimum that is set. Handlers that block more threads wait for the pool's own growth.</summary>
    public const int MostThreads = 1024;

    private const int TickMilliseconds = 10;
    private const int TicksUntilStuck = 3;
    private const int TicksUntilIdle = 200;
    private const int TicksUntilCalm = 500;

    private static readonly PoolGrowth Watch = new();

    private readonly AutoResetEvent _wake = new(false);
    private int _running;
    private int _isAwake;
    private int _probeDone = 1;
    private int _originalWorkers;
    private int _raisedTo;

    private PoolGrowth()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "IrohRpc pool growth" };
        thread.UnsafeStart();
    }

    /// <summary>User code begins to run on a thread of the pool.</summary>
    public static void Enter()
    {
        Interlocked.Increment(ref Watch._running);
        if (Volatile.Read(ref Watch._isAwake) == 0 && Interlocked.Exchange(ref Watch._isAwake, 1) == 0)
        {
            Watch._wake.Set();
        }
    }

    /// <summary>It has ended.</summary>
    public static void Leave() => Interlocked.Decrement(ref Watch._running);

    void IThreadPoolWorkItem.Execute() => Volatile.Write(ref _probeDone, 1);

    private void Run()
    {
        while (true)
        {
            _wake.WaitOne();
            WatchUntilIdle();
        }
    }

    private void WatchUntilIdle()
    {
        int idle = 0;
        int stuck = 0;
        int calm = 0;
        while (true)
        {
            Thread.Sleep(TickMilliseconds);
            if (Volatile.Read(ref _probeDone) != 0)
            {
                stuck = 0;
                if (++calm >= TicksUntilCalm)
                {
                    Restore();
                }

                idle = Volatile.Read(ref _running) == 0 ? idle + 1 : 0;
                if (idle >= TicksUntilIdle && _raisedTo == 0)
                {
                    Volatile.Write(ref _isAwake, 0);
                    if (Volatile.Read(ref _running) == 0 || Interlocked.Exchange(ref _isAwake, 1) != 0)
                    {
                        return;
                    }
                }

                Volatile.Write(ref _probeDone, 0);
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            else if (++stuck >= TicksUntilStuck)
            {
                calm = 0;
                stuck = TicksUntilStuck - 1;
                Raise();
            }
        }
    }

    private void Raise()
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        ThreadPool.GetMaxThreads(out int most, out _);
        int threads = ThreadPool.ThreadCount;

        // Only handlers that keep their threads call for more; a pool that is busy with other work grows by its own rules.
        if (Volatile.Read(ref _running) < Math.Min(threads, workers))
        {
            return;
        }

        int wanted = Math.Min(Math.Min(most, MostThreads), 2 * Math.Max(threads, workers));
        if (wanted <= workers)
        {
            return;
        }

        if (_raisedTo == 0)
        {
            _originalWorkers = workers;
        }

        if (ThreadPool.SetMinThreads(wanted, completions))
        {
            _raisedTo = wanted;
        }
    }

    private void Restore()
    {
        if (_raisedTo == 0)
        {
            return;
        }

        ThreadPool.GetMinThreads(out int workers, out int completions);
        if (workers == _raisedTo)
        {
            // Otherwise the application has set another minimum since, which stands.
            ThreadPool.SetMinThreads(_originalWorkers, completions);
        }

        _raisedTo = 0;
    }
}
