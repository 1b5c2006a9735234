using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>What can end a streaming call from this side: its token, its deadline, the token of an enumeration.</summary>
internal sealed class CallWatch : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource? _deadline;
    private readonly List<CancellationTokenRegistration> _registrations = [];
    private CancellationToken _cancelledBy;

    public CallWatch(OutgoingCall call, CancellationToken cancellationToken)
    {
        Add(call.CancellationToken);
        Add(cancellationToken);
        if (call.TimeLeft() is { } left)
        {
            _deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, call.Invoker.TimeProvider);
            _registrations.Add(_deadline.Token.UnsafeRegister(static state => ((CallWatch)state!)._end.Cancel(), this));
        }
    }

    /// <summary>Fires once, with the first of them.</summary>
    public CancellationToken Token => _end.Token;

    public void Add(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registrations.Add(cancellationToken.UnsafeRegister(static (state, token) => ((CallWatch)state!).Cancelled(token), this));
        }
    }

    /// <summary>The exception for what has ended the call; null where nothing of this has.</summary>
    public Exception? Reason(MethodDescriptor method)
        => _cancelledBy.IsCancellationRequested ? new OperationCanceledException(_cancelledBy)
            : _deadline is { IsCancellationRequested: true } ? RpcErrors.DeadlineExceeded(method)
            : null;

    public void Dispose()
    {
        foreach (CancellationTokenRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _deadline?.Dispose();
    }

    private void Cancelled(CancellationToken token)
    {
        _cancelledBy = token;
        _end.Cancel();
    }
}
