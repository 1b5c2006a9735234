namespace IrohRpc.Lanes;

/// <summary>
/// Runs the user code of a lane beside its reader, and holds the lane's writes back until a run is over, so that the responses to everything that
/// came in one read leave in one write.
/// </summary>
/// <remarks>
/// <para>User code may block. Before a worker enters it while there is more to do, it schedules a spare worker, one at a time: the cost is per batch, and a
/// blocked handler costs its own thread and nothing else. <see cref="PoolGrowth"/> brings that thread.</para>
/// <para>Invariant: while output is pending and work is queued, a worker is outside user code or one is scheduled. <c>_armedAt</c> is the value of
/// <c>_finished</c> when a worker last entered user code with unflushed output. If the two are still equal when the next worker starts, the first has not come back,
/// and the next one flushes.</para>
/// </remarks>
/// <param name="sender">The lane's sender.</param>
/// <param name="lane">The lane.</param>
/// <param name="broken">Takes the lane and an exception that a piece of work let through, which none should. One delegate for all lanes, which are many.</param>
internal sealed class LaneWorker(FrameSender sender, object lane, Action<object, Exception> broken) : IThreadPoolWorkItem
{
    /// <summary>The priority of a lane's stream: small calls go before whatever has a stream of its own.</summary>
    public const int StreamPriority = 1;

    [ThreadStatic]
    private static LaneWorker? _current;

    private readonly LaneQueue _queue = new();
    private int _scheduled;
    private int _finished;
    private int _armedAt;

    /// <summary>Makes what was appended leave: now, or at the end of this thread's run if the lane has more work for it.</summary>
    public void Flush()
    {
        if (_current != this || _queue.IsEmpty)
        {
            sender.Flush();
        }
    }

    /// <summary>Adds work and schedules a worker.</summary>
    public void Enqueue(ILaneWork work)
    {
        _queue.Add(work);
        Schedule();
    }

    /// <summary>Keeps work of the reader's back until <see cref="AddStaged"/>: a whole read is handed out at once.</summary>
    public void Stage(ILaneWork work) => _queue.Stage(work);

    /// <summary>Adds what the reader kept back, without scheduling a worker.</summary>
    public void AddStaged() => _queue.AddStaged();

    /// <summary>Schedules a worker unless one is scheduled.</summary>
    public void Schedule()
    {
        if (TryClaim())
        {
            Start();
        }
    }

    /// <summary>True for the one who is to bring the next worker, by <see cref="Start"/> or <see cref="Run"/>; false where one comes already.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _scheduled, 1) == 0;

    /// <summary>Starts the worker that was claimed on another thread.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Is the worker that was claimed, on this thread: user code may keep it for as long as it likes. Never throws.</summary>
    public void Run()
    {
        Volatile.Write(ref _scheduled, 0);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _finished) == Volatile.Read(ref _armedAt))
        {
            sender.Flush();
        }

        LaneWorker? outer = _current;
        _current = this;
        ExecutionContext? context = CleanContext.Enter();
        PoolGrowth.Enter();
        while (_queue.Take() is { } work)
        {
            if (!_queue.IsEmpty || sender.HasPending)
            {
                Volatile.Write(ref _armedAt, Volatile.Read(ref _finished));
                Schedule();
            }

            try
            {
                work.Run();
            }
            catch (Exception exception)
            {
                // Work guards itself; what gets here must not end the process.
                broken(lane, exception);
            }

            Interlocked.Increment(ref _finished);

            // A handler that is no async method could leave its async locals to the next call.
            CleanContext.Reset();
        }

        PoolGrowth.Leave();
        CleanContext.Leave(context);
        _current = outer;
        sender.Flush();
    }
}
