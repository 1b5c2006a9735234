using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal;

/// <summary>Work that nobody waits for but the endpoint, when it closes. A failure is logged.</summary>
internal sealed class OwnedTasks(ILogger logger)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _tasks = [];

    public void Add(Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            return;
        }

        lock (_lock)
        {
            _tasks.Add(task);
        }

        task.ContinueWith(
            static (ended, self) => ((OwnedTasks)self!).End(ended),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits for all that was added so far. Never throws.</summary>
    public async Task WhenAllAsync()
    {
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _tasks];
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void End(Task task)
    {
        lock (_lock)
        {
            _tasks.Remove(task);
        }

        if (task.Exception is { } exception)
        {
            RoutingLog.BackgroundWorkFailed(logger, exception.GetBaseException());
        }
    }
}
