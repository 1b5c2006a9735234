using System.Runtime.ExceptionServices;
using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;

namespace IrohRpc.Calls;

/// <summary>Runs interceptors around the calls of a proxy.</summary>
/// <param name="invoker">Where the calls go.</param>
/// <param name="proxy">The proxy without interceptors.</param>
/// <param name="pipeline">The interceptors.</param>
internal sealed class OutgoingInterception(CallInvoker invoker, object proxy, InterceptorPipeline pipeline) : CallInterception
{
    internal override CallInvoker Invoker => invoker;

    public object Proxy => proxy;

    public InterceptorPipeline Pipeline => pipeline;

    public override ValueTask<TResult> InvokeAsync<TContract, TResult>(
        MethodDescriptor method, CallArguments<TContract, TResult> arguments, CallContext? context, CancellationToken cancellationToken)
        => new OutgoingInvocation<TContract, TResult>(this, method, arguments, context, cancellationToken).StartAsync();

    public override void Post<TContract>(
        MethodDescriptor method, CallArguments<TContract, object?> arguments, CallContext? context, CancellationToken cancellationToken)
    {
        Task sending = new OutgoingInvocation<TContract, object?>(this, method, arguments, context, cancellationToken).StartAsync().AsTask();
        if (!sending.IsCompleted)
        {
            _ = ReportAsync(sending, method);
        }
        else if (sending.Exception?.InnerException is { } exception)
        {
            ExceptionDispatchInfo.Throw(exception);
        }
    }

    public override IAsyncEnumerable<T> StreamAsync<TContract, T>(
        MethodDescriptor method, CallArguments<TContract, IAsyncEnumerable<T>> arguments, CallContext? context, CancellationToken cancellationToken)
        => new InterceptedItems<T>(method, token => InvokeAsync(method, arguments, context, token), cancellationToken);

    // Nobody waits for a one-way call whose interceptors take their time.
    private async Task ReportAsync(Task sending, MethodDescriptor method)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            invoker.PostFailed(method, exception);
        }
    }
}
