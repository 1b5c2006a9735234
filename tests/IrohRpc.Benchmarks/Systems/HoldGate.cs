namespace IrohRpc.Benchmarks.Systems;

/// <summary>Where handlers wait until they are let go.</summary>
internal sealed class HoldGate
{
    private TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;

    public int Held => Volatile.Read(ref _held);

    public async Task WaitAsync()
    {
        Task open = _open.Task;
        Interlocked.Increment(ref _held);
        await open;
        Interlocked.Decrement(ref _held);
    }

    public void Open() => Interlocked.Exchange(ref _open, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
