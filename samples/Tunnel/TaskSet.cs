using System.Collections.Concurrent;

namespace Tunnel;

/// <summary>Tasks that somebody has to see the end of.</summary>
internal sealed class TaskSet
{
    private readonly ConcurrentDictionary<Task, bool> _tasks = new();

    /// <summary>Takes charge of a task until it has ended. One that fails stays, for <see cref="DrainAsync"/> to tell.</summary>
    public void Own(Task task)
    {
        _tasks[task] = true;
        task.ContinueWith(
            ended => _tasks.TryRemove(ended, out _),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits until those that are owned now have ended.</summary>
    /// <returns>Whether they have; false where it took longer than <paramref name="limit"/>.</returns>
    public async Task<bool> DrainAsync(TimeSpan limit)
    {
        Task all = Task.WhenAll(_tasks.Keys);
        await Task.WhenAny(all, Task.Delay(limit));
        if (all.IsCompleted)
        {
            await all;
        }

        return all.IsCompleted;
    }
}
