namespace IrohRpc.Interceptors;

/// <summary>One interceptor, or what finds it for each call.</summary>
internal sealed record InterceptorRegistration(InterceptorStage Stage, RpcInterceptor? Interceptor, Func<RpcInvocation, RpcInterceptor>? Factory)
{
    public ValueTask InvokeAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        RpcInterceptor interceptor = Interceptor ?? Factory!(invocation)
            ?? throw new InvalidOperationException($"The factory of an interceptor returned null for {invocation.Method}.");
        return invocation.IsIncoming ? interceptor.InterceptHandlerAsync(invocation, next) : interceptor.InterceptCallAsync(invocation, next);
    }
}
