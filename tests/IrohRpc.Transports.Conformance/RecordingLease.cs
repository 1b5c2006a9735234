namespace IrohRpc.Transports.Conformance;

/// <summary>A lease that remembers.</summary>
public sealed class RecordingLease : IHandshakeLease
{
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _disposals;
    private int _completions;

    public EndpointId? Completed { get; private set; }

    public int Completions => Volatile.Read(ref _completions);

    public int Disposals => Volatile.Read(ref _disposals);

    public Task Disposed => _disposed.Task;

    public void HandshakeCompleted(EndpointId peerId)
    {
        Completed = peerId;
        Interlocked.Increment(ref _completions);
    }

    public void Dispose()
    {
        Interlocked.Increment(ref _disposals);
        _disposed.TrySetResult();
    }
}
