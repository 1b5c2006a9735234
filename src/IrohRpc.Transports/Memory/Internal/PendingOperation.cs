using System.Threading.Tasks.Sources;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>What waits behind a pending read or write of a stream: one at a time, reused for the next.</summary>
/// <remarks>
/// Started, completed and failed under the connection's lock. It stays taken until its result was fetched, since a reset before that would
/// pull the task from under whoever awaits it. Whoever awaits goes on on the thread pool, to which the operation itself is given: what the runtime
/// would make for that is an allocation each time.
/// </remarks>
internal sealed class PendingOperation<T>(Action<CancellationToken> cancel) : IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<T> _core;
    private CancellationTokenRegistration _registration;
    private T? _result;
    private Exception? _failure;
    private volatile bool _taken;

    /// <summary>Whether an operation is under way, or done and not fetched.</summary>
    public bool IsTaken => _taken;

    /// <summary>Whether an operation waits to be completed.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>The token for the value task of the operation under way.</summary>
    public short Version => _core.Version;

    public void Start()
    {
        _core.Reset();
        _taken = true;
        IsWaiting = true;
    }

    /// <summary>Watches the caller's token. Called without the lock, before the caller gets its task.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((PendingOperation<T>)state!).Cancel(token), this);
        }
    }

    public void Complete(T result)
    {
        if (IsWaiting)
        {
            IsWaiting = false;
            _result = result;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    public void Fail(Exception exception)
    {
        if (IsWaiting)
        {
            IsWaiting = false;
            _failure = exception;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    public T GetResult(short token)
    {
        // Waits for a callback that runs right now, so that it cannot strike the next operation.
        _registration.Dispose();
        _registration = default;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _taken = false;
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_failure is { } failure)
        {
            _failure = null;
            _core.SetException(failure);
        }
        else
        {
            _core.SetResult(_result!);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken) => cancel(cancellationToken);
}
