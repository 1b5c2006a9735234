using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Stands in for the service while arguments are decoded: takes them, and gives the dispatcher a result that comes later.</summary>
internal sealed class IncomingInterception(IncomingInvocation invocation) : CallInterception
{
    internal override CallInvoker? Invoker => null;

    public override ValueTask<TResult> InvokeAsync<TContract, TResult>(
        MethodDescriptor method, CallArguments<TContract, TResult> arguments, CallContext? context, CancellationToken cancellationToken)
    {
        var body = new InvocationBody<TContract, TResult>(method.Method, arguments);
        invocation.Body = body;
        return body.Task;
    }

    public override void Post<TContract>(
        MethodDescriptor method, CallArguments<TContract, object?> arguments, CallContext? context, CancellationToken cancellationToken)
        => invocation.Body = new InvocationBody<TContract, object?>(method.Method, arguments);

    public override IAsyncEnumerable<T> StreamAsync<TContract, T>(
        MethodDescriptor method, CallArguments<TContract, IAsyncEnumerable<T>> arguments, CallContext? context, CancellationToken cancellationToken)
        => new PendingItems<T>(InvokeAsync(method, arguments, context, cancellationToken));
}
