using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>10,000 blobs of 1,000 bytes each, as one collection, into a store on disk.</summary>
internal sealed class SmallBlobs() : Scenario("blobs-small", "ops/s")
{
    public override int MaxRounds => 3;

    public override bool CanRun(Contestant contestant) => contestant.Session is IBlobs;

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var blobs = (IBlobs)contestant.Session;
        await blobs.PrepareAsync(0);
        long start = Stopwatch.GetTimestamp();
        await blobs.DownloadManyAsync();
        return new Sample(IBlobs.Many / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
