namespace IrohRpc.Hosting.Tests;

/// <summary>Writes its name before it goes on.</summary>
internal abstract class NamedInterceptor(Journal journal, string name) : RpcInterceptor
{
    public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        journal.Write($"{name} calls {invocation.Method.Name}");
        return next(invocation);
    }

    public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        journal.Write($"{name} handles {invocation.Method.Name}");
        return next(invocation);
    }
}

internal sealed class OfEndpoint(Journal journal) : NamedInterceptor(journal, "endpoint");

internal sealed class OfServices(Journal journal) : NamedInterceptor(journal, "services");

internal sealed class OfContract(Journal journal) : NamedInterceptor(journal, "contract");

internal sealed class OfClient(Journal journal) : NamedInterceptor(journal, "client");

/// <summary>Shares the scope of the call with its service, and turns away whoever is called a stranger.</summary>
internal sealed class InScope(Workpiece workpiece, Journal journal) : RpcInterceptor
{
    public override async ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        journal.Write($"intercepted with {workpiece.Number}");
        if (invocation.Arguments.Count > 0 && invocation.Arguments[0] is "stranger")
        {
            throw new RpcException(RpcStatusCode.PermissionDenied, "Strangers wait outside.");
        }

        await next(invocation);
        workpiece.RequireAlive();
    }

    public override async ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        journal.Write($"called with {workpiece.Number}");
        await next(invocation);
        workpiece.RequireAlive();
    }
}
