namespace IrohRpc.Lanes;

/// <summary>
/// The work of a lane that waits for a worker, first in, first out. A chain through the work itself: an idle lane holds no memory for it, and a
/// whole read's work is added at once.
/// </summary>
internal sealed class LaneQueue
{
    private readonly Lock _gate = new();
    private ILaneWork? _first;
    private ILaneWork? _last;

    // What the reader has found and not added yet. The reader's alone.
    private ILaneWork? _firstStaged;
    private ILaneWork? _lastStaged;

    public bool IsEmpty => Volatile.Read(ref _first) is null;

    /// <summary>Adds one piece of work.</summary>
    public void Add(ILaneWork work) => Add(work, work);

    /// <summary>Keeps work of the reader's back until <see cref="AddStaged"/>.</summary>
    public void Stage(ILaneWork work)
    {
        if (_lastStaged is null)
        {
            _firstStaged = work;
        }
        else
        {
            _lastStaged.Next = work;
        }

        _lastStaged = work;
    }

    /// <summary>Adds what was kept back.</summary>
    public void AddStaged()
    {
        if (_firstStaged is { } first)
        {
            ILaneWork last = _lastStaged!;
            _firstStaged = _lastStaged = null;
            Add(first, last);
        }
    }

    /// <summary>Takes what has waited longest; null where nothing waits.</summary>
    public ILaneWork? Take()
    {
        lock (_gate)
        {
            if (_first is not { } work)
            {
                return null;
            }

            Volatile.Write(ref _first, work.Next);
            if (work.Next is null)
            {
                _last = null;
            }

            work.Next = null;
            return work;
        }
    }

    private void Add(ILaneWork first, ILaneWork last)
    {
        lock (_gate)
        {
            if (_last is null)
            {
                Volatile.Write(ref _first, first);
            }
            else
            {
                _last.Next = first;
            }

            _last = last;
        }
    }
}
