using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>
/// What a call costs in memory, both ends together. Counted, not timed: the count is of the whole process, so that nothing else may run beside it.
/// </summary>
[Collection<RunsAlone>]
public sealed class AllocationTests
{
    private const int Calls = 2_000;
    private const int MostRounds = 50;

    // It is 48 as this is written; the rest is room for a runtime that changes.
    private const long MostBytesPerCall = 100;

    [Fact]
    public async Task Unary_call_allocates_next_to_nothing()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        IWorkshop proxy = pair.Proxy;

        // Pools grow and the compiler's tiers change for a while, and what a test before this one left may end during a round: one round without
        // such company shows what a call costs.
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > MostBytesPerCall; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await CallAsync(proxy);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        Assert.InRange(least, 0, MostBytesPerCall);
    }

    private static async Task CallAsync(IWorkshop proxy)
    {
        for (int call = 0; call < Calls; call++)
        {
            await proxy.TouchAsync();
        }
    }
}
