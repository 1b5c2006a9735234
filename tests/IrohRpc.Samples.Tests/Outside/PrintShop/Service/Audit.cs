using IrohRpc;

namespace PrintShop.Service;

/// <summary>Made for each call.</summary>
public sealed class Audit(ILogger<Audit> logger) : RpcInterceptor
{
    public override async ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        invocation.OnCompleted(ended => logger.LogInformation("{Method}: {Status}", ended.Method, ended.Status));
        await next(invocation);
    }
}
