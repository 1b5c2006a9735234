using System.Diagnostics;
using System.Diagnostics.Metrics;
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

    // One at the service for what came, one at the caller for the answer; the rest is what the process does besides.
    private const double MostTurnsPerCall = 2.2;

    private const int Items = 50_000;
    private const double MostBytesPerItem = 1;
    private const int LongItems = 200;

    [Theory]
    [InlineData("memory")]
    [InlineData("quic")]
    [InlineData("tls")]
    public async Task Unary_call_allocates_next_to_nothing(string transport)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport(transport));
        IWorkshop proxy = pair.Proxy;

        Assert.InRange(await MeasureAsync(proxy), 0, MostBytesPerCall);
    }

    /// <summary>The same contract with one interceptor shows that the measure would see it.</summary>
    [Fact]
    public async Task Interceptors_cost_nothing_where_none_is_registered()
    {
        await using RpcPair plain = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        await using RpcPair intercepted = await RpcPair.StartAsync(new InterceptedTransport(new MemoryNetwork().Transport));
        Assert.InRange(await MeasureAsync(intercepted.Proxy), MostBytesPerCall + 1, long.MaxValue);
        Assert.InRange(await MeasureAsync(plain.Proxy), 0, MostBytesPerCall);
    }

    /// <summary>Those who listened for a while leave nothing behind.</summary>
    [Fact]
    public async Task Telemetry_is_free_when_nobody_listens()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        using (var spans = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == RpcTelemetry.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        })
        using (var metrics = new MeterListener())
        {
            metrics.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RpcTelemetry.MeterName)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            ActivitySource.AddActivityListener(spans);
            metrics.Start();
            Assert.InRange(await MeasureAsync(pair.Proxy), MostBytesPerCall + 1, long.MaxValue);
        }

        Assert.InRange(await MeasureAsync(pair.Proxy), 0, MostBytesPerCall);
    }

    /// <summary>What is read is run on the thread that read it, and what is answered is written on the thread that ran: more turns would be more waking.</summary>
    [Theory]
    [InlineData("memory")]
    [InlineData("quic")]
    public async Task Unary_call_takes_one_turn_of_the_thread_pool_at_each_end(string transport)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport(transport));
        double least = double.MaxValue;
        for (int round = 0; round < MostRounds && least > MostTurnsPerCall; round++)
        {
            long before = ThreadPool.CompletedWorkItemCount;
            await CallAsync(pair.Proxy);
            least = Math.Min(least, (double)(ThreadPool.CompletedWorkItemCount - before) / Calls);
        }

        Assert.InRange(least, 0, MostTurnsPerCall);
    }

    /// <summary>The enumerables and the streams are made once for all items.</summary>
    [Fact]
    public async Task Streamed_item_allocates_nothing()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        double least = double.MaxValue;
        for (int round = 0; round < MostRounds && least > MostBytesPerItem; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            int count = 0;
            await foreach (int _ in pair.Proxy.CountAsync(Items, TestContext.Current.CancellationToken))
            {
                count++;
            }

            least = Math.Min(least, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / count);
        }

        Assert.InRange(least, 0, MostBytesPerItem);
    }

    /// <summary>A long item costs the array that the handler makes, and the one that the caller gets.</summary>
    [Fact]
    public async Task Long_item_allocates_the_array_that_it_is()
    {
        const int length = 300_000;
        byte[]?[] arrays = [.. Enumerable.Repeat(new byte[length], LongItems)];
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        double least = double.MaxValue;
        for (int round = 0; round < MostRounds && least > 2.1 * length; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            int count = 0;
            await foreach (byte[]? array in pair.Proxy.RepeatAsync(arrays.ToAsyncEnumerable(), TestContext.Current.CancellationToken))
            {
                Assert.Equal(length, array!.Length);
                count++;
            }

            least = Math.Min(least, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / count);
        }

        Assert.InRange(least, 2 * length, 2.1 * length);
    }

    // Pools grow and the compiler's tiers change for a while, and what a test before this one left may end during a round: one round without
    // such company shows what a call costs.
    private static async Task<long> MeasureAsync(IWorkshop proxy)
    {
        long least = long.MaxValue;
        for (int round = 0; round < MostRounds && least > MostBytesPerCall; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await CallAsync(proxy);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return least;
    }

    private static ITransport Transport(string name) => name switch
    {
        "quic" => new QuicTransport(),
        "tls" => new TlsTransport(),
        _ => new MemoryNetwork().Transport,
    };

    private static async Task CallAsync(IWorkshop proxy)
    {
        for (int call = 0; call < Calls; call++)
        {
            await proxy.TouchAsync();
        }
    }
}
