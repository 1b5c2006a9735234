using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;

namespace IrohRpc.Calls;

/// <summary>A call of a peer's on its way through interceptors. It keeps the call from completing until they have.</summary>
internal abstract class IncomingInvocation : RpcInvocation
{
    private readonly IncomingCall _call;
    private readonly ICallHost _host;
    private readonly EndpointId? _peerId;
    private CallContext? _context;
    private CancellationToken? _cancellationToken;
    private RpcException? _unreadable;
    private bool _wasCalled;
    private bool _wasStarted;

    protected IncomingInvocation(IncomingCall call)
        : base(call.Method, isIncoming: true)
    {
        _call = call;
        _host = call.Host;
        TimeProvider = _host.Options.TimeProvider;
        try
        {
            _peerId = _host.PeerId;
        }
        catch (InvalidOperationException)
        {
            // Over a topic that does not sign, nobody knows who calls.
        }
    }

    public override CallContext Context => _context ??= _call.Context;

    public override EndpointId PeerId => _peerId ?? _host.PeerId;

    public override TimeProvider TimeProvider { get; }

    public override CancellationToken CancellationToken
    {
        get => _cancellationToken ??= _call.CancellationToken;
        set => _cancellationToken = value;
    }

    protected IncomingCall Call => _call;

    /// <summary>Runs the interceptors and the handler, and completes the call. Never faults.</summary>
    public async Task RunAsync(InterceptorPipeline pipeline)
    {
        Exception? error = null;
        try
        {
            await pipeline.InvokeAsync(this).ConfigureAwait(false);
            ApplyPendingResult();
            RequireBody();
        }
        catch (Exception exception)
        {
            // Code of the interceptors, of the contract's types, of the resolver and of the handler, which may throw anything.
            error = exception;
        }

        if (error is not null && Body is { } dropped && _call.Method.Result is (ResultKind.Bytes or ResultKind.BytesBack))
        {
            await dropped.AbandonResultAsync(error).ConfigureAwait(false);
        }

        if (Body is { } body && _call.Method.Result != ResultKind.OneWay)
        {
            body.Complete(error);
        }
        else if (error is null)
        {
            _call.Succeed();
        }
        else
        {
            // A peer that says it is unavailable is taken for one that leaves; an interceptor that says so speaks of the one call.
            _call.HandlerFailed(error, notStarted: !_wasStarted && Body is null && error is RpcException { StatusCode: not RpcStatusCode.Unavailable });
        }
    }

    public override RpcInvocation Fork() => throw new InvalidOperationException($"The call of {Method} is a peer's: only its caller can make another attempt.");

    /// <summary>The response was handed over, or the call is over without one.</summary>
    public void Ended(RpcStatusCode status)
    {
        Status = status;
        _wasCalled = true;
        if (HasCompletions)
        {
            // Also where no interceptor looked: the call is used again when this returns.
            _context ??= _call.Context;
            _call.OnEnded(() => RunCompletionsAsync(_host.LogCompletionFailed));
        }
    }

    internal override async ValueTask InvokeTargetAsync()
    {
        if (_wasCalled)
        {
            throw new InvalidOperationException($"A handler runs once: next of {Method} was called twice, or after the call had ended.");
        }

        _wasCalled = true;
        InvocationBody body = RequireBody();
        object target = Resolve();
        _wasStarted = true;
        await body.InvokeAsync(target, Context, CancellationToken).ConfigureAwait(false);
    }

    internal override InvocationBody RequireBody()
    {
        if (Body is null)
        {
            if (_unreadable is not null)
            {
                throw _unreadable;
            }

            try
            {
                Decode(new IncomingInterception(this));
            }
            catch (Exception exception)
            {
                // What the peer sent, or formatters of the user's.
                _unreadable = exception as RpcException ?? _call.UnreadableArguments(exception);
                throw _unreadable;
            }
        }

        return Body!;
    }

    /// <summary>Reads the arguments through the generated dispatcher, which hands them to <paramref name="interception"/>.</summary>
    protected abstract void Decode(IncomingInterception interception);

    /// <summary>The service.</summary>
    protected abstract object Resolve();
}

/// <summary>The same for a contract.</summary>
internal sealed class IncomingInvocation<TContract>(IncomingCall call, ContractBinding<TContract> binding) : IncomingInvocation(call)
    where TContract : class, IContract<TContract>
{
    protected override void Decode(IncomingInterception interception) => TContract.Dispatch(InterceptedContract.Create<TContract>(interception), Call);

    protected override object Resolve() => binding.Resolve(Call);
}
