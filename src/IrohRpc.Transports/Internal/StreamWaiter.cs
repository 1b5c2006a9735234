using System.Threading.Tasks.Sources;

namespace IrohRpc.Transports.Internal;

/// <summary>One who waits for a stream: the source of the task that is awaited, once.</summary>
/// <param name="line">Where it waits.</param>
internal sealed class StreamWaiter(StreamWaiters line) : IValueTaskSource<PeerStream>
{
    private ManualResetValueTaskSourceCore<PeerStream> _core = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _cancellation;

    /// <summary>The one before in the line.</summary>
    public StreamWaiter? Previous { get; set; }

    /// <summary>The one behind in the line.</summary>
    public StreamWaiter? Next { get; set; }

    /// <summary>Whether it still stands in the line. Within the connection's lock.</summary>
    public bool IsWaiting { get; set; } = true;

    /// <summary>Waits, outside of the lock.</summary>
    public ValueTask<PeerStream> WaitAsync(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken.UnsafeRegister(static (waiter, token) => ((StreamWaiter)waiter!).Cancel(token), this);
        return new ValueTask<PeerStream>(this, _core.Version);
    }

    /// <summary>Ends the wait with a stream.</summary>
    public void SetResult(PeerStream stream) => _core.SetResult(stream);

    /// <summary>Ends the wait without one.</summary>
    public void SetException(Exception exception) => _core.SetException(exception);

    PeerStream IValueTaskSource<PeerStream>.GetResult(short token)
    {
        _cancellation.Dispose();
        return _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<PeerStream>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<PeerStream>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken) => line.Cancel(this, cancellationToken);
}
