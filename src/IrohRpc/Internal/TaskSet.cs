namespace IrohRpc.Internal;

/// <summary>Tracks background tasks so that shutdown can await them. A task that faults is reported once.</summary>
/// <param name="gate">Guards the set. Nothing is called while it is held.</param>
/// <param name="owner">Whose tasks they are.</param>
/// <param name="report">Takes the owner and the exception of a task that faulted.</param>
internal sealed class TaskSet(Lock gate, object owner, Action<object, Exception> report)
{
    // A chain through the entries: every connection has a few tasks that live as long as it, and most have no others.
    private Entry? _first;

    public void Add(Task task)
    {
        if (task.IsCompletedSuccessfully || task.IsCanceled)
        {
            return;
        }

        var entry = new Entry(this, task);
        lock (gate)
        {
            entry.Next = _first;
            if (_first is not null)
            {
                _first.Previous = entry;
            }

            _first = entry;
        }

        task.ContinueWith(
            static (_, entry) => ((Entry)entry!).Ended(), entry, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when all have ended, also those that are added meanwhile.</summary>
    public async Task WhenEmptyAsync()
    {
        while (true)
        {
            Task? task;
            lock (gate)
            {
                task = _first?.Task;
            }

            if (task is null)
            {
                return;
            }

            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (gate)
            {
                RemoveCompleted();
            }
        }
    }

    private void RemoveCompleted()
    {
        for (Entry? entry = _first; entry is not null; entry = entry.Next)
        {
            if (entry.Task.IsCompleted)
            {
                Remove(entry);
            }
        }
    }

    private Lock Gate => gate;

    private void Report(Exception exception) => report(owner, exception);

    private void Remove(Entry entry)
    {
        if (entry.IsRemoved)
        {
            return;
        }

        entry.IsRemoved = true;
        if (entry.Previous is null)
        {
            _first = entry.Next;
        }
        else
        {
            entry.Previous.Next = entry.Next;
        }

        if (entry.Next is not null)
        {
            entry.Next.Previous = entry.Previous;
        }
    }

    private sealed class Entry(TaskSet set, Task task)
    {
        public Task Task => task;

        public Entry? Previous { get; set; }

        public Entry? Next { get; set; }

        public bool IsRemoved { get; set; }

        public void Ended()
        {
            lock (set.Gate)
            {
                set.Remove(this);
            }

            if (task.Exception is { } exception)
            {
                set.Report(exception.InnerException ?? exception);
            }
        }
    }
}
