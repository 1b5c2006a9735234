namespace IrohRpc.Calls;

/// <summary>A bare stream at the service that is known once the interceptors have run: the response waits for the task.</summary>
internal sealed class PendingItems<T>(ValueTask<IAsyncEnumerable<T>> task) : IAsyncEnumerable<T>
{
    public ValueTask<IAsyncEnumerable<T>> Task => task;

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        => throw new InvalidOperationException("The stream is that of its task.");
}
