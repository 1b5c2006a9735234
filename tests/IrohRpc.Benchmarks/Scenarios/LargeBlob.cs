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
        (double raw, double rawSeconds) = await RateAsync(length, () => blobs.ReadRawAsync(length));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long peakBefore = PeakWorkingSet();
        (double verified, double verifiedSeconds) = await RateAsync(length, () => blobs.DownloadLargeAsync(length));
        return new Sample(verified)
        {
            Details = new Dictionary<string, double>
            {
                ["raw_MB/s"] = raw,
                ["of_raw"] = verified / raw,

                // On a machine that is busy with other work these say more than the rates.
                ["raw_cpu_s/GB"] = rawSeconds,
                ["cpu_s/GB"] = verifiedSeconds,
                ["peak_working_set_growth_MB"] = (PeakWorkingSet() - peakBefore) / 1e6,
                ["heap_growth_MB"] = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6,
            },
        };
    }

    private static long PeakWorkingSet()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private static async Task<(double Rate, double ProcessorSeconds)> RateAsync(long length, Func<Task> transfer)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await transfer();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (length / 1e6 / seconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds / (length / 1e9));
    }
}
