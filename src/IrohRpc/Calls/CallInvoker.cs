using System.ComponentModel;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

/// <summary>Where a proxy's calls go: one object at the other end of a connection, or the service of a peer that is dialled when needed.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallInvoker
{
    private protected CallInvoker()
    {
    }

    /// <summary>Begins a call. Nothing is sent before one of the call's ending methods runs.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="context">What the user passed as context, or null.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    /// <returns>The call. Every path of the generated method ends it, or throws.</returns>
    public OutgoingCall Begin(MethodDescriptor method, CallContext? context, CancellationToken cancellationToken)
    {
        OutgoingInvocation? invocation = IsIntercepted ? OutgoingInvocation.TakeCurrent(this) : null;
        return OutgoingCall.Rent(this, method, invocation, invocation?.Context ?? context, cancellationToken);
    }

    /// <summary>Whether interceptors run around its calls.</summary>
    internal bool IsIntercepted { get; set; }

    /// <summary>Hears of every success; null for nothing.</summary>
    internal RetryBudget? RetryBudget { get; init; }

    /// <summary>The peer.</summary>
    internal abstract EndpointId PeerId { get; }

    /// <summary>The clock of deadlines.</summary>
    internal abstract TimeProvider TimeProvider { get; }

    /// <summary>The limits of this side.</summary>
    internal abstract RpcOptions Options { get; }

    /// <summary>How long a call may take where nothing else says so.</summary>
    internal abstract TimeSpan? Timeout { get; }

    /// <summary>The ALPN that the present connection agreed on; null where there is none, or it says nothing of the contract called.</summary>
    internal abstract string? Alpn { get; }

    /// <summary>Whether a method would not be refused as too young, as far as is known now.</summary>
    internal abstract bool Supports(MethodDescriptor method);

    /// <summary>The same, known for certain: connects where that is needed.</summary>
    internal virtual ValueTask<bool> SupportsAsync(MethodDescriptor method, CancellationToken cancellationToken)
        => ValueTask.FromResult(Supports(method));

    /// <summary>
    /// Sends a call, now or when that is possible, in the order of the calls of this method. A failure ends the call, by <see cref="OutgoingCall.Failed"/>. Only a one-way
    /// call that finds no room throws.
    /// </summary>
    internal abstract void Send(OutgoingCall call);

    /// <summary>Whether a failed call is to be made again.</summary>
    internal virtual bool ShouldRetry(OutgoingCall call, RpcException failure) => false;

    /// <summary>A one-way call may not have reached its peer.</summary>
    internal virtual void PostFailed(MethodDescriptor method, Exception failure) => OneWayLog.Lost(Options, PeerId, method, failure);

    /// <summary>What an interceptor does at the end of a call has failed.</summary>
    internal virtual void CompletionFailed(MethodDescriptor method, Exception failure)
    {
    }

    /// <summary>A call that took a stream of its own has ended.</summary>
    internal virtual void StreamCallEnded()
    {
    }

    /// <summary>The holder will not call any more.</summary>
    internal virtual void Release()
    {
    }
}
