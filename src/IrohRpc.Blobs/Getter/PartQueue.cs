namespace IrohRpc.Blobs.Getter;

/// <summary>
/// The parts that are left to get. What a provider fails to bring goes back for the others; who has nothing to do for a while takes over what
/// another is still busy with. Safe for several threads.
/// </summary>
internal sealed class PartQueue(BlobStore store, TimeSpan takeOverAfter, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LinkedList<DownloadPart> _waiting = new();
    private readonly List<Taken> _taken = [];
    private readonly CancellationTokenSource _finished = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Fires once everything was brought.</summary>
    public CancellationToken Finished => _finished.Token;

    public void Add(DownloadPart part)
    {
        lock (_lock)
        {
            _waiting.AddLast(part);
            Signal();
        }
    }

    /// <summary>The next part.</summary>
    /// <returns>Null once everything was brought.</returns>
    public async ValueTask<Taken?> TakeAsync(CancellationToken cancellationToken)
    {
        bool waited = false;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_waiting.First is { } first)
                {
                    _waiting.RemoveFirst();
                    return Take(first.Value);
                }

                if (_taken.Count == 0)
                {
                    return null;
                }

                if (waited && Slowest() is { } slow)
                {
                    slow.IsTakenOver = true;
                    if (slow.Part.Rest(store) is { } rest)
                    {
                        Taken copy = Take(rest);
                        copy.Original = slow;
                        return copy;
                    }
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(waited ? Timeout.InfiniteTimeSpan : takeOverAfter, time, cancellationToken).ConfigureAwait(false);
                waited = false;
            }
            catch (TimeoutException)
            {
                waited = true;
            }
        }
    }

    /// <summary>Ends the work on a part; what is missing of it waits for whoever comes next.</summary>
    public void Return(Taken taken)
    {
        bool isFinished;
        lock (_lock)
        {
            _taken.Remove(taken);
            DownloadPart? rest = taken.Part.Rest(store);
            if (rest is null)
            {
                // Whoever works on the same part works for nothing.
                foreach (Taken other in _taken.Where(other => other.Original == taken || taken.Original == other))
                {
                    other.Superseded.Cancel();
                }
            }
            else if (taken.Original is null || !_taken.Contains(taken.Original))
            {
                _waiting.AddFirst(rest);
            }
            else
            {
                taken.Original.IsTakenOver = false;
            }

            Signal();
            isFinished = _waiting.Count == 0 && _taken.Count == 0;
        }

        if (isFinished)
        {
            _finished.Cancel();
        }
    }

    public void Dispose() => _finished.Dispose();

    private Taken Take(DownloadPart part)
    {
        var taken = new Taken(part);
        _taken.Add(taken);
        return taken;
    }

    private Taken? Slowest() => _taken.Find(static taken => !taken.IsTakenOver && taken.Original is null);

    private void Signal()
    {
        TaskCompletionSource changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }

    internal sealed class Taken(DownloadPart part)
    {
        public DownloadPart Part => part;

        /// <summary>Fires when another provider has brought the part.</summary>
        public CancellationTokenSource Superseded { get; } = new();

        public bool IsTakenOver { get; set; }

        public Taken? Original { get; set; }
    }
}
