using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>A large blob from disk to disk, verified, and in the same turn as many bytes over a raw stream of the same transport.</summary>
internal sealed class LargeBlob() : Scenario("blob-large", "MB/s")
{
    public override int MaxRounds => 3;

    public override bool CanRun(Contestant contestant) => contestant.Session is IBlobs;

    public override Task WarmUpAsync(Contestant contestant, Effort effort) => MeasureAsync(contestant, effort with { BlobMebibytes = 16 });

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var blobs = (IBlobs)contestant.Session;
        long length = effort.BlobMebibytes * 1024L * 1024;
        await blobs.PrepareAsync(length);
        double raw = await RateAsync(length, () => blobs.ReadRawAsync(length));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        double verified = await RateAsync(length, () => blobs.DownloadLargeAsync(length));
        return new Sample(verified)
        {
            Details = new Dictionary<string, double>
            {
                ["raw_MB/s"] = raw,
                ["of_raw"] = verified / raw,
                ["heap_growth_MB"] = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6,
            },
        };
    }

    private static async Task<double> RateAsync(long length, Func<Task> transfer)
    {
        long start = Stopwatch.GetTimestamp();
        await transfer();
        return length / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
