using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>One call on its way through interceptors, at either side.</summary>
/// <remarks>Valid until the call has completed. Not for use from several threads at once, except for <see cref="Fork"/>ed ones, which are apart.</remarks>
public abstract class RpcInvocation
{
    private RpcArguments? _arguments;
    private object? _pendingResult;
    private bool _hasPendingResult;
    private List<Func<RpcInvocation, ValueTask>>? _completed;
    private Dictionary<object, object?>? _items;

    private protected RpcInvocation(MethodDescriptor method, bool isIncoming)
    {
        Descriptor = method;
        IsIncoming = isIncoming;
    }

    /// <summary>What is called.</summary>
    public RpcMethod Method => Descriptor.Method;

    /// <summary>Whether a peer makes the call to this side; otherwise this side makes it.</summary>
    public bool IsIncoming { get; }

    /// <summary>What travels beside the call. At the caller it is what the user passed, or made for the interceptors where the user passed nothing.</summary>
    public abstract CallContext Context { get; }

    /// <summary>The peer: who calls, or who is called.</summary>
    public abstract EndpointId PeerId { get; }

    /// <summary>The clock of the call's deadline.</summary>
    public abstract TimeProvider TimeProvider { get; }

    /// <summary>Fires when the call is given up. What is set here before <c>next</c> is what comes after it sees.</summary>
    public abstract CancellationToken CancellationToken { get; set; }

    /// <summary>The arguments. At the service they are decoded when this is first asked.</summary>
    /// <exception cref="InvalidOperationException">The call is not admitted yet: see <see cref="InterceptorStage.Admission"/>.</exception>
    /// <exception cref="RpcException"><see cref="RpcStatusCode.InvalidArgument"/>: what arrived is not what the method takes.</exception>
    public RpcArguments Arguments
    {
        get
        {
            if (_arguments is null)
            {
                if (!IsAdmitted)
                {
                    throw new InvalidOperationException(
                        $"The arguments of {Method} can be read once the call is admitted: by an interceptor of the stage {nameof(InterceptorStage.Invocation)}, or after next.");
                }

                _arguments = new RpcArguments(RequireBody().Arguments, Method);
            }

            return _arguments;
        }
    }

    /// <summary>Whether <see cref="Arguments"/> can be read without decoding them now.</summary>
    public bool HasArguments => Body is not null && IsAdmitted;

    /// <summary>Whether there is a result.</summary>
    public bool HasResult => _hasPendingResult || Body is { HasResult: true };

    /// <summary>
    /// The result, after <c>next</c>; null where there is none yet, and for methods without one. Setting it before makes it the result without <c>next</c>; setting it afterwards replaces it.
    /// </summary>
    /// <exception cref="ArgumentException">The value is not of the method's result type.</exception>
    public object? Result
    {
        get => _hasPendingResult ? _pendingResult : Body?.Result;
        set
        {
            if (Body is { } body)
            {
                body.Result = value;
            }
            else
            {
                _pendingResult = value;
                _hasPendingResult = true;
            }
        }
    }

    /// <summary>For what interceptors want to tell each other about the call. Stays on this side.</summary>
    public IDictionary<object, object?> Items => _items ??= [];

    /// <summary>How the call ended, in <see cref="OnCompleted(Action{RpcInvocation})"/>; null before.</summary>
    public RpcStatusCode? Status { get; internal set; }

    /// <summary>The exception that ended the call, in <see cref="OnCompleted(Action{RpcInvocation})"/>, as far as this side knows it; null where it succeeded.</summary>
    public Exception? Exception { get; internal set; }

    internal MethodDescriptor Descriptor { get; }

    internal InvocationBody? Body { get; set; }

    /// <summary>Whether the stage of admission is over.</summary>
    internal bool IsAdmitted { get; set; }

    /// <summary>Changes each item of a result that is an <see cref="IAsyncEnumerable{T}"/>, as it is read. To be called after <c>next</c>.</summary>
    /// <param name="map">Gives what takes the item's place; what it throws ends the stream.</param>
    /// <exception cref="InvalidOperationException">There is no result, or it is no stream of items.</exception>
    public void MapResultItems(Func<object?, object?> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (Body is not { HasResult: true } body || !body.TryMapResultItems(map))
        {
            throw new InvalidOperationException($"{Method} has no stream of items as its result yet.");
        }
    }

    /// <summary>Adds what happens when the call and everything that it streams has ended, successfully or not. What it throws is logged.</summary>
    /// <param name="completed">Runs in the order of registration.</param>
    public void OnCompleted(Func<RpcInvocation, ValueTask> completed)
    {
        ArgumentNullException.ThrowIfNull(completed);
        (_completed ??= []).Add(completed);
    }

    /// <inheritdoc cref="OnCompleted(Func{RpcInvocation, ValueTask})"/>
    public void OnCompleted(Action<RpcInvocation> completed)
    {
        ArgumentNullException.ThrowIfNull(completed);
        OnCompleted(invocation =>
        {
            completed(invocation);
            return ValueTask.CompletedTask;
        });
    }

    /// <summary>
    /// Another attempt at a call of this side: the same arguments, a copy of the context, a result of its own. It may run beside others; pass it to <c>next</c>, and the one that is to count to
    /// <see cref="TakeResult"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The call is a peer's, or an argument of it streams.</exception>
    public abstract RpcInvocation Fork();

    /// <summary>Makes the result and the response's metadata of an attempt those of this call.</summary>
    /// <param name="attempt">What <see cref="Fork"/> gave, after its <c>next</c> has completed.</param>
    public void TakeResult(RpcInvocation attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        RequireBody().TakeResult(attempt.Body ?? throw new ArgumentException("The attempt has no result.", nameof(attempt)));
        Context.ResponseMetadata = attempt.Context.ResponseMetadata;
    }

    /// <summary>What all interceptors go on to.</summary>
    internal abstract ValueTask InvokeTargetAsync();

    /// <summary>The body, decoded now where that is still to be done.</summary>
    internal abstract InvocationBody RequireBody();

    /// <summary>A result that was set before there was a body.</summary>
    private protected void ApplyPendingResult()
    {
        if (_hasPendingResult)
        {
            _hasPendingResult = false;
            RequireBody().Result = _pendingResult;
        }
    }

    private protected bool HasCompletions => _completed is not null;

    /// <summary>The call has ended.</summary>
    internal async ValueTask RunCompletionsAsync(Action<Exception> failed)
    {
        foreach (Func<RpcInvocation, ValueTask> completed in _completed ?? [])
        {
            try
            {
                await completed(this).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                failed(exception);
            }
        }
    }
}
