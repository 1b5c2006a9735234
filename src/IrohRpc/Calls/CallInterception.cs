using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>Takes calls with their arguments as objects, runs the interceptors, and calls the target. Behind generated <see cref="InterceptedProxy"/> classes.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallInterception
{
    private protected CallInterception()
    {
    }

    /// <summary>Where the calls go in the end; null at the service.</summary>
    internal abstract CallInvoker? Invoker { get; }

    /// <summary>A call with a result.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="context">What the user passed as context, or null.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public abstract ValueTask<TResult> InvokeAsync<TContract, TResult>(
        MethodDescriptor method, CallArguments<TContract, TResult> arguments, CallContext? context, CancellationToken cancellationToken)
        where TContract : class, IContract<TContract>;

    /// <summary>A call without a result.</summary>
    /// <inheritdoc cref="InvokeAsync"/>
    public async ValueTask CompleteAsync<TContract>(
        MethodDescriptor method, CallArguments<TContract, object?> arguments, CallContext? context, CancellationToken cancellationToken)
        where TContract : class, IContract<TContract>
        => await InvokeAsync(method, arguments, context, cancellationToken).ConfigureAwait(false);

    /// <summary>A one-way call.</summary>
    /// <inheritdoc cref="InvokeAsync"/>
    public abstract void Post<TContract>(
        MethodDescriptor method, CallArguments<TContract, object?> arguments, CallContext? context, CancellationToken cancellationToken)
        where TContract : class, IContract<TContract>;

    /// <summary>A call whose result is a bare stream of items.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <typeparam name="T">The type of an item.</typeparam>
    /// <param name="method">What is called.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="context">What the user passed as context, or null.</param>
    /// <param name="cancellationToken">Gives up the call.</param>
    public abstract IAsyncEnumerable<T> StreamAsync<TContract, T>(
        MethodDescriptor method, CallArguments<TContract, IAsyncEnumerable<T>> arguments, CallContext? context, CancellationToken cancellationToken)
        where TContract : class, IContract<TContract>;
}
