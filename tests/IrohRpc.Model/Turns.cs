namespace IrohRpc.Model;

/// <summary>
/// The scheduler: with one thread in the pool whoever runs is alone, so that a step of the schedule stands at an exact place between the pieces of work that the layers below
/// have queued, and the same schedule runs the same way again.
/// </summary>
internal static class Turns
{
    /// <summary>Leaves the thread to what is queued, so many times.</summary>
    public static async Task PassAsync(int count)
    {
        for (int turn = 0; turn < count; turn++)
        {
            await Task.Yield();
        }
    }

    /// <summary>Runs all that is queued, and what that queues, until nothing is.</summary>
    public static async Task SettleAsync()
    {
        do
        {
            await Task.Yield();
        }
        while (ThreadPool.PendingWorkItemCount > 0);
    }
}
