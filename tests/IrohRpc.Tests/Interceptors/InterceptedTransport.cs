using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>A transport whose pairs have interceptors that look at everything and change nothing, on both sides.</summary>
internal sealed class InterceptedTransport(ITransport inner) : ITransport
{
    public string Name => inner.Name;

    public string? UnsupportedReason => inner.UnsupportedReason;

    public bool CanDial(TransportAddress address) => inner.CanDial(address);

    public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken = default)
        => inner.DialAsync(address, request, cancellationToken);

    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken = default)
        => inner.ListenAsync(request, cancellationToken);

    /// <summary>Options with one more interceptor.</summary>
    public static TOptions Intercept<TOptions>(TOptions options)
        where TOptions : RpcOptions
    {
        options.Interceptors.Add(new Looking());
        return options;
    }

    private sealed class Looking : RpcInterceptor
    {
        public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next) => LookAsync(invocation, next);

        public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next) => LookAsync(invocation, next);

        private static async ValueTask LookAsync(RpcInvocation invocation, RpcInvocationDelegate next)
        {
            Assert.Equal(invocation.Method.Parameters.Count, invocation.Arguments.Count);
            Assert.False(invocation.HasResult);
            await next(invocation);
            Assert.True(invocation.HasResult);
            _ = invocation.Result;
        }
    }
}
