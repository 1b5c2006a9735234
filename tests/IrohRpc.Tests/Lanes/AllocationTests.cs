using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>What a call costs in memory, both ends together. Counted, not timed.</summary>
public sealed class AllocationTests
{
    [Fact]
    public async Task Unary_call_allocates_next_to_nothing()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        IWorkshop proxy = pair.Proxy;
        await CallAsync(proxy, 2_000);
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await CallAsync(proxy, 2_000);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / 2_000);
        }

        Assert.InRange(least, 0, 200);
    }

    private static async Task CallAsync(IWorkshop proxy, int count)
    {
        for (int call = 0; call < count; call++)
        {
            await proxy.TouchAsync();
        }
    }
}
