namespace IrohRpc.Gossip.Tests.Support;

/// <summary>Says that something has changed: whoever looks takes <see cref="Next"/> first, and waits for it where what it sees is not enough.</summary>
internal sealed class ChangeSignal
{
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change.</summary>
    public Task Next => _next.Task;

    public void Raise() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
