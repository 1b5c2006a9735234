namespace IrohRpc.Tests;

/// <summary>An interceptor that does what a test says, at one side.</summary>
internal sealed class ScriptedInterceptor(
    Func<RpcInvocation, RpcInvocationDelegate, ValueTask> script, bool atService, InterceptorStage stage = InterceptorStage.Invocation) : RpcInterceptor
{
    public override InterceptorStage Stage => stage;

    public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next) => atService ? next(invocation) : script(invocation, next);

    public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next) => atService ? script(invocation, next) : next(invocation);
}
