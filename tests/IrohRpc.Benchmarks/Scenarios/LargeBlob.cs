using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>A large blob from disk to disk, verified, and in the same turn as many bytes over a raw stream of the same transport, to memory and to disk.</summary>
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
        Transfer raw = await Transfer.MeasureAsync(length, () => blobs.ReadRawAsync(length));

        // What the disk takes by itself. It also has the host of a virtual machine give back the memory that it has taken meanwhile: a gigabyte of new
        // pages costs more than all of the rest together where each of them has to be asked for, and none of that is the store's.
        Transfer disk = await Transfer.MeasureAsync(length, () => Task.Run(() => blobs.WritePlain(length)));
        Transfer rawToDisk = await Transfer.MeasureAsync(length, () => blobs.ReadRawAsync(length, toDisk: true));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Transfer verified = await Transfer.MeasureAsync(length, () => blobs.DownloadLargeAsync(length));
        var details = new Dictionary<string, double>
        {
            ["raw_MB/s"] = raw.Rate,
            ["raw_to_disk_MB/s"] = rawToDisk.Rate,
            ["disk_alone_MB/s"] = disk.Rate,
            ["of_raw"] = verified.Rate / raw.Rate,
            ["of_raw_to_disk"] = verified.Rate / rawToDisk.Rate,
            ["raw_cpu_s/GB"] = raw.ProcessorSeconds,
            ["raw_to_disk_cpu_s/GB"] = rawToDisk.ProcessorSeconds,
            ["cpu_s/GB"] = verified.ProcessorSeconds,
            ["heap_growth_MB"] = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6,
        };
        if (raw.PeakWorkingSet is { } rawPeak && verified.PeakWorkingSet is { } peak)
        {
            details["raw_peak_working_set_MB"] = rawPeak;
            details["peak_working_set_MB"] = peak;
        }

        return new Sample(verified.Rate) { Details = details };
    }
}
