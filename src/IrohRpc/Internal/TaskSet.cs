namespace IrohRpc.Internal;

/// <summary>Tracks background tasks so that shutdown can await them. A task that faults is reported once.</summary>
/// <param name="report">Takes the exception of a task that faulted.</param>
internal sealed class TaskSet(Action<Exception> report)
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _tasks = [];

    public void Add(Task task)
    {
        if (task.IsCompletedSuccessfully || task.IsCanceled)
        {
            return;
        }

        lock (_gate)
        {
            _tasks.Add(task);
        }

        task.ContinueWith(
            static (ended, set) => ((TaskSet)set!).Ended(ended), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Completes when all have ended, also those that are added meanwhile.</summary>
    public async Task WhenEmptyAsync()
    {
        while (true)
        {
            Task[] tasks;
            lock (_gate)
            {
                tasks = [.. _tasks];
            }

            if (tasks.Length == 0)
            {
                return;
            }

            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
            {
                _tasks.RemoveWhere(static task => task.IsCompleted);
            }
        }
    }

    private void Ended(Task task)
    {
        lock (_gate)
        {
            _tasks.Remove(task);
        }

        if (task.Exception is { } exception)
        {
            report(exception.InnerException ?? exception);
        }
    }
}
