using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>A stream of items of 256 KiB from the other side.</summary>
internal sealed class LargeItems() : Scenario("items-256KiB", "MB/s")
{
    public override bool CanRun(Contestant contestant) => contestant.Session is IBulk;

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        long start = Stopwatch.GetTimestamp();
        await ((IBulk)contestant.Session).DownloadItemsAsync(effort.LargeItems);
        return new Sample((double)effort.LargeItems * Session.LargeItem / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
