using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>100 MB towards the other side, as a <see cref="Stream"/>.</summary>
internal sealed class RawBytes() : Scenario("raw-100MB", "MB/s")
{
    public const long Length = 100_000_000;

    public override bool CanRun(Contestant contestant) => contestant.Session is IRawBytes;

    public override Task WarmUpAsync(Contestant contestant, Effort effort) => ((IRawBytes)contestant.Session).UploadBytesAsync(Length / 10);

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        long start = Stopwatch.GetTimestamp();
        await ((IRawBytes)contestant.Session).UploadBytesAsync(Length);
        return new Sample(Length / 1e6 / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
