using BenchmarkDotNet.Attributes;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>What whole calls allocate, both ends together, over the memory transport. The figures are for one call.</summary>
[MemoryDiagnoser]
public class Allocation
{
    private const int Together = 64;

    private readonly Task<Block>[] _calls = new Task<Block>[Together];
    private MemoryPeers _peers = null!;

    [GlobalSetup]
    public async Task StartAsync() => _peers = await MemoryPeers.StartAsync();

    [GlobalCleanup]
    public async Task StopAsync() => await _peers.DisposeAsync();

    /// <summary>64 bytes there and back, one call after the other.</summary>
    [Benchmark]
    public ValueTask<Block> Echo() => _peers.Client.Service.EchoAsync(Block.Of(1));

    /// <summary>The same, 64 calls at once; each allocates the task by which this waits for it.</summary>
    [Benchmark(OperationsPerInvoke = Together)]
    public Task<Block[]> EchoTogether()
    {
        for (int i = 0; i < Together; i++)
        {
            _calls[i] = _peers.Client.Service.EchoAsync(Block.Of((ulong)i)).AsTask();
        }

        return Task.WhenAll(_calls);
    }

    /// <summary>An order there and back: both ends make one of the bytes that came.</summary>
    [Benchmark]
    public ValueTask<Order> Place() => _peers.Client.Service.PlaceAsync(Order.Example);
}
