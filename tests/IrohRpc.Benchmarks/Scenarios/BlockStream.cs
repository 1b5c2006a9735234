using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>A stream of items of 64 bytes, one way or the other.</summary>
internal sealed class BlockStream(bool fromServer) : Scenario(fromServer ? "server-stream-64B" : "client-stream-64B", "ops/s")
{
    public override bool CanRun(Contestant contestant) => contestant.Session is IBlockStreams;

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var streams = (IBlockStreams)contestant.Session;
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = Stopwatch.GetTimestamp();
        await (fromServer ? streams.DownloadAsync(effort.StreamedBlocks) : streams.UploadAsync(effort.StreamedBlocks));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return new Sample(effort.StreamedBlocks / seconds, (double)allocated / effort.StreamedBlocks);
    }
}
