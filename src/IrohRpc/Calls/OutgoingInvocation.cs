using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Calls;

/// <summary>A call of this side's on its way through interceptors.</summary>
internal abstract class OutgoingInvocation : RpcInvocation
{
    // Set while the plain proxy's method runs, which begins the call on the same thread.
    [ThreadStatic]
    private static OutgoingInvocation? _current;

    private readonly OutgoingInterception _interception;
    private int _open = 1;
    private int _inFlight;
    private bool _wasCalled;
    private bool _isFinished;

    protected OutgoingInvocation(OutgoingInterception interception, MethodDescriptor method, CallContext? context, CancellationToken cancellationToken)
        : base(method, isIncoming: false)
    {
        _interception = interception;
        Context = context ?? new CallContext();
        CancellationToken = cancellationToken;
    }

    public override CallContext Context { get; }

    public override EndpointId PeerId => Invoker.PeerId;

    public override TimeProvider TimeProvider => Invoker.TimeProvider;

    public override CancellationToken CancellationToken { get; set; }

    protected OutgoingInterception Interception => _interception;

    protected CallInvoker Invoker => _interception.Invoker;

    /// <summary>Whether a call is on its way.</summary>
    protected bool IsInFlight => Volatile.Read(ref _inFlight) != 0;

    /// <summary>The invocation whose call begins on this thread now; null for a call without interceptors.</summary>
    public static OutgoingInvocation? TakeCurrent(CallInvoker invoker)
    {
        if (_current is not { } current || current.Invoker != invoker)
        {
            return null;
        }

        _current = null;
        Interlocked.Increment(ref current._open);
        Interlocked.Increment(ref current._inFlight);
        return current;
    }

    /// <summary>A call that began for this invocation has ended, what it streams included.</summary>
    public void CallEnded(RpcStatusCode status, Exception? error)
    {
        Interlocked.Decrement(ref _inFlight);
        if (_isFinished && Exception is null)
        {
            // Only a streamed result outlives its interceptors.
            Status = status;
            Exception = error;
        }

        Close();
    }

    internal override InvocationBody RequireBody() => Body!;

    internal override async ValueTask InvokeTargetAsync()
    {
        if (_wasCalled && Method.StreamsArguments)
        {
            throw new InvalidOperationException($"{Method} streams an argument, which is read once: it cannot be called again.");
        }

        _wasCalled = true;
        ValueTask sent;
        _current = this;
        try
        {
            sent = Body!.InvokeAsync(_interception.Proxy, Context, CancellationToken);
        }
        finally
        {
            _current = null;
        }

        await sent.ConfigureAwait(false);
    }

    /// <summary>The interceptors have run.</summary>
    protected void Finished(Exception? error)
    {
        Status = RpcErrors.StatusOf(error);
        Exception = error;
        _isFinished = true;
        if (!_wasCalled)
        {
            _ = Body!.AbandonArgumentsAsync(Method.Parameters.Count, error);
        }

        if (error is not null)
        {
            _ = Body!.AbandonResultAsync(error);
        }

        Close();
    }

    /// <summary>The call and everything of it is over.</summary>
    protected virtual void Closed()
    {
    }

    private void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            Closed();
            if (HasCompletions)
            {
                _ = RunCompletionsAsync(exception => Invoker.CompletionFailed(Descriptor, exception)).AsTask();
            }
        }
    }
}

/// <summary>The same, typed.</summary>
internal sealed class OutgoingInvocation<TContract, TResult> : OutgoingInvocation
    where TContract : class, IContract<TContract>
{
    // For the interceptors to hand on what the call itself says of its deadline.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly InvocationBody<TContract, TResult> _body;
    private readonly CancellationToken _userToken;
    private readonly long? _deadline;
    private readonly CancellationTokenSource? _cancellation;
    private TaskCompletionSource<TResult>? _outcome;
    private ITimer? _timer;

    public OutgoingInvocation(
        OutgoingInterception interception,
        MethodDescriptor method,
        CallArguments<TContract, TResult> arguments,
        CallContext? context,
        CancellationToken cancellationToken)
        : this(interception, method, new InvocationBody<TContract, TResult>(method.Method, arguments), context, cancellationToken)
    {
        _deadline = CallDeadline.Find(Invoker, context);
        if (_deadline is not null)
        {
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            CancellationToken = _cancellation.Token;
        }
    }

    private OutgoingInvocation(
        OutgoingInterception interception,
        MethodDescriptor method,
        InvocationBody<TContract, TResult> body,
        CallContext? context,
        CancellationToken cancellationToken)
        : base(interception, method, context, cancellationToken)
    {
        _body = body;
        _userToken = cancellationToken;
        Body = body;
    }

    /// <summary>Runs the interceptors and the call. The caller is released by its token and its deadline, whatever the interceptors do.</summary>
    public ValueTask<TResult> StartAsync()
    {
        ValueTask<TResult> running = RunAsync();
        return running.IsCompleted || (_deadline is null && !_userToken.CanBeCanceled) ? running : new ValueTask<TResult>(WatchAsync(running));
    }

    public override RpcInvocation Fork()
        => Method.StreamsArguments
            ? throw new InvalidOperationException($"{Method} streams an argument, which is read once: there can be no other attempt.")
            : new OutgoingInvocation<TContract, TResult>(
                Interception, Descriptor, (InvocationBody<TContract, TResult>)_body.Fork(), Context.Copy(), CancellationToken) { IsAdmitted = IsAdmitted };

    protected override void Closed() => _cancellation?.Dispose();

    private async ValueTask<TResult> RunAsync()
    {
        Exception? error = null;
        try
        {
            if (_deadline is { } deadline)
            {
                AmbientDeadline.Set(TimeProvider, deadline);
            }

            await Interception.Pipeline.InvokeAsync(this).ConfigureAwait(false);
            return _body.TypedResult;
        }
        catch (OperationCanceledException exception) when (_cancellation is not null && exception.CancellationToken == _cancellation.Token && _userToken.IsCancellationRequested)
        {
            error = exception;
            throw new OperationCanceledException(exception.SafeMessage(), exception, _userToken);
        }
        catch (Exception exception)
        {
            error = exception;
            throw;
        }
        finally
        {
            Finished(error);
        }
    }

    private async Task<TResult> WatchAsync(ValueTask<TResult> running)
    {
        _outcome = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = _userToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<TResult>)state!).TrySetCanceled(token), _outcome);
        if (_deadline is { } deadline)
        {
            TimeSpan left = TimeProvider.GetElapsedTime(TimeProvider.GetTimestamp(), deadline);
            _timer = TimeProvider.CreateTimer(
                static state => ((OutgoingInvocation<TContract, TResult>)state!).DeadlinePassed(), this, left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }

        Task<TResult> all = running.AsTask();
        _ = all.ContinueWith(
            static (task, state) =>
            {
                var invocation = (OutgoingInvocation<TContract, TResult>)state!;
                if (!task.IsCompletedSuccessfully)
                {
                    _ = task.Exception is { InnerException: { } exception } ? invocation._outcome!.TrySetException(exception) : invocation._outcome!.TrySetCanceled(CancellationToken.None);
                }
                else if (!invocation._outcome!.TrySetResult(task.Result))
                {
                    // The caller was released before.
                    _ = invocation._body.AbandonResultAsync(null);
                }
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        try
        {
            Task<TResult> first = _outcome.Task;
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

            // Where the interceptors have ended, their own task has the exception with its stack and its token.
            return await (all.IsCompleted ? all : first).ConfigureAwait(false);
        }
        finally
        {
            if (_timer is { } timer)
            {
                await timer.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private void DeadlinePassed()
    {
        if (IsInFlight)
        {
            // The call itself knows its deadline, and says what it was waiting for.
            _timer?.Change(Grace, Timeout.InfiniteTimeSpan);
            return;
        }

        _outcome!.TrySetException(RpcErrors.DeadlineExceeded(Descriptor));
        if (_cancellation is { } cancellation)
        {
            _ = cancellation.FireAsync();
        }
    }
}
