using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;
using IrohRpc.Benchmarks.Systems.Emulated;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>Raw bytes towards a peer that is 50 or 100 ms away and back, on a link that loses nothing or one datagram in a hundred.</summary>
/// <param name="kind">The link.</param>
/// <param name="megabytes">How much: a window that losses keep small takes long for little.</param>
internal sealed class DistantBytes(LinkKind kind, int megabytes) : Scenario($"raw{kind.Suffix}-{megabytes}MB", "MB/s")
{
    public override bool CanRun(Contestant contestant) => contestant.System.Link == kind;

    public override Task WarmUpAsync(Contestant contestant, Effort effort) => ((IRawBytes)contestant.Session).UploadBytesAsync(1_000_000);

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        long start = Stopwatch.GetTimestamp();
        await ((IRawBytes)contestant.Session).UploadBytesAsync(megabytes * 1_000_000L);
        return new Sample(megabytes / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
