namespace KeyValue.Storage;

/// <summary>Tells watchers that the store has moved on. A watcher reads what happened from the store itself, at its own pace.</summary>
internal sealed class RevisionSignal(long revision)
{
    private readonly Lock _gate = new();
    private long _revision = revision;
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The latest revision that is there for good.</summary>
    public long Revision
    {
        get
        {
            lock (_gate)
            {
                return _revision;
            }
        }
    }

    /// <summary>Says that a revision was committed.</summary>
    public void Set(long revision)
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            if (revision <= _revision)
            {
                return;
            }

            _revision = revision;
            moved = _moved;
            _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        moved.SetResult();
    }

    /// <summary>Completes once <paramref name="revision"/> is there.</summary>
    public async ValueTask WaitForAsync(long revision, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_revision >= revision)
                {
                    return;
                }

                moved = _moved.Task;
            }

            await moved.WaitAsync(cancellationToken);
        }
    }
}
