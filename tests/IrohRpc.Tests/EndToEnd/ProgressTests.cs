using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Reports of progress are advice: a caller that is slow to read them loses some, and holds nobody up.</summary>
public sealed class ProgressTests
{
    [Fact]
    public async Task Reports_that_the_caller_does_not_take_are_left_out_and_the_last_arrives()
    {
        const int steps = 200_000;
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        using var reports = new BlockedProgress();

        // Reports that have come by then are handed over before the call returns its task, and these block.
        Task<int> call = Task.Run(() => pair.Proxy.WorkAsync(steps, reports, TestContext.Current.CancellationToken).AsTask());
        await pair.Service.Stopped.Task.Soon();
        reports.Gate.Set();
        Assert.Equal(steps, await call.Soon());
        Assert.Equal(reports.Values.Order(), reports.Values);
        Assert.Equal(steps, reports.Values[^1]);
        Assert.InRange(reports.Values.Count, 1, steps / 2);
    }

    private sealed class BlockedProgress : IProgress<int>, IDisposable
    {
        public ManualResetEventSlim Gate { get; } = new();

        public List<int> Values { get; } = [];

        public void Report(int value)
        {
            Gate.Wait(RpcPair.Bound);
            Values.Add(value);
        }

        public void Dispose() => Gate.Dispose();
    }
}
