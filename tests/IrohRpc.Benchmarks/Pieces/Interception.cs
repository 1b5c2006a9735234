using BenchmarkDotNet.Attributes;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>What interceptors cost a call, both ends together, over the memory transport: nothing where there are none.</summary>
[MemoryDiagnoser]
public class Interception
{
    private MemoryPeers _peers = null!;

    /// <summary>How many interceptors there are at each side.</summary>
    [Params(0, 1, 3)]
    public int Interceptors { get; set; }

    /// <summary>Whether they look at the arguments and the result.</summary>
    [Params(false, true)]
    public bool Look { get; set; }

    [GlobalSetup]
    public async Task StartAsync()
        => _peers = await MemoryPeers.StartAsync(interceptors =>
        {
            for (int i = 0; i < Interceptors; i++)
            {
                interceptors.Add(new Passing(Look));
            }
        });

    [GlobalCleanup]
    public async Task StopAsync() => await _peers.DisposeAsync();

    [Benchmark]
    public ValueTask<Block> Echo() => _peers.Client.Service.EchoAsync(Block.Of(1));

    private sealed class Passing(bool looks) : RpcInterceptor
    {
        public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next) => PassAsync(invocation, next);

        public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next) => PassAsync(invocation, next);

        private async ValueTask PassAsync(RpcInvocation invocation, RpcInvocationDelegate next)
        {
            if (looks)
            {
                _ = invocation.Arguments[0];
            }

            await next(invocation);
            if (looks)
            {
                _ = invocation.Result;
            }
        }
    }
}
