using Polly;
using Polly.CircuitBreaker;

namespace IrohRpc.Policies.Tests;

/// <summary>Stops calling a peer that keeps failing, for a while. The recipe of docs/policies.md.</summary>
public sealed class CircuitBreakerInterceptor(ResiliencePipeline pipeline) : RpcInterceptor
{
    public override async ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        try
        {
            await pipeline.ExecuteAsync(static (state, _) => state.next(state.invocation), (invocation, next), invocation.CancellationToken);
        }
        catch (BrokenCircuitException exception)
        {
            throw new RpcException(RpcStatusCode.Unavailable, $"{invocation.Method} is not called for now: the peer keeps failing.", exception);
        }
    }
}
