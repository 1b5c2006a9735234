using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Multipath;

/// <summary>The heap is measured: no other test may run meanwhile.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;

[Collection(nameof(RunsAlone))]
public sealed class MultipathMemoryTests(ITestOutputHelper output)
{
    private const int Pairs = 200;

    // Six ids at each end, with their tokens and routes, and the paths that they are of.
    private const long MostBytes = 8 * 1024;

    [Fact]
    public void Ids_for_paths_that_may_be_opened_cost_an_idle_connection_little()
    {
        long plain = Measure(SimulatedPair.Options());
        long multipath = Measure(TwoPaths.Options());
        output.WriteLine($"Both ends: {multipath - plain} bytes more with multipath.");
        Assert.InRange(multipath - plain, 0, MostBytes);
    }

    private static long Measure(QuicConnectionOptions options)
    {
        // Whatever a first connection makes once for all is made by then.
        Connect(options).Dispose();
        var pairs = new SimulatedPair[Pairs];
        long before = Heap();
        for (int i = 0; i < Pairs; i++)
        {
            pairs[i] = Connect(options);
        }

        long held = (Heap() - before) / Pairs;
        foreach (SimulatedPair pair in pairs)
        {
            Assert.Equal(options.UsesMultipath, pair.Dialled.Core.UsesMultipath);
            pair.Dispose();
        }

        return held;
    }

    private static SimulatedPair Connect(QuicConnectionOptions options)
    {
        var pair = new SimulatedPair(1, client: options, server: options);
        pair.Connect();

        // Until ids are exchanged and acknowledged.
        pair.Network.Run(static () => false, TimeSpan.FromSeconds(2));
        return pair;
    }

    private static long Heap()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
