namespace IrohRpc.Internal;

/// <summary>
/// Runs the user code of a lane beside its reader, and holds the lane's writes back until a run is over, so that the answers to everything that
/// came in one read leave in one write.
/// </summary>
/// <remarks>
/// User code may block. Before a worker enters it while there is more to do, it sees to it that a spare worker is scheduled, one at a time:
/// the cost is per batch, and a blocked handler costs its own thread and nothing else.
/// </remarks>
internal sealed class LaneWorker(FrameSender sender) : IThreadPoolWorkItem
{
    [ThreadStatic]
    private static LaneWorker? _current;

    private readonly LaneQueue _queue = new();
    private int _scheduled;

    // How many pieces of work were finished, and how many that was when a worker last entered user code with output pending: equal means that
    // whoever should flush that output sits in user code.
    private int _finished;
    private int _armedAt;

    /// <summary>
    /// Sees to it that what was appended is sent: now, or at the end of this thread's run of the lane's work where more of that is to come. While
    /// work waits there is always a worker outside user code, or one scheduled, that flushes.
    /// </summary>
    public void Flush()
    {
        if (_current != this || _queue.IsEmpty)
        {
            sender.Flush();
        }
    }

    /// <summary>Adds work and sees to it that a worker comes.</summary>
    public void Enqueue(ILaneWork work)
    {
        _queue.Add(work);
        Schedule();
    }

    /// <summary>Keeps work of the reader's back until <see cref="AddStaged"/>: a whole read is handed out at once.</summary>
    public void Stage(ILaneWork work) => _queue.Stage(work);

    /// <summary>Adds what the reader kept back, without starting it.</summary>
    public void AddStaged() => _queue.AddStaged();

    /// <summary>Sees to it that a worker comes.</summary>
    public void Schedule()
    {
        if (TryClaim())
        {
            Start();
        }
    }

    /// <summary>True for whoever is to bring the next worker, by <see cref="Start"/> or <see cref="Run"/>; false where one comes already.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _scheduled, 1) == 0;

    /// <summary>Brings the worker that was claimed on another thread.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>Is the worker that was claimed, on this thread: user code may keep it for as long as it likes.</summary>
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
        ExecutionContext? context = ExecutionContext.Capture();
        while (_queue.Take() is { } work)
        {
            if (!_queue.IsEmpty || sender.HasPending)
            {
                Volatile.Write(ref _armedAt, Volatile.Read(ref _finished));
                Schedule();
            }

            work.Run();
            Interlocked.Increment(ref _finished);
            if (context is not null)
            {
                // A handler that is no async method could leave its async locals to the next call.
                ExecutionContext.Restore(context);
            }
        }

        _current = outer;
        sender.Flush();
    }
}
