using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>Small calls of one caller while 100 MB flow on the same connection, and the same calls alone. The figure is their median.</summary>
internal sealed class Mixed() : Scenario("mixed", "us")
{
    public override int MaxRounds => 3;

    public override bool CanRun(Contestant contestant) => contestant.Session is ISmallCalls { MostCallers: > 1 } and IRawBytes;

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var calls = (ISmallCalls)contestant.Session;
        List<double> alone = await TimeAsync(calls, Task.Delay(effort.Turn * 2));
        List<double> beside = await TimeAsync(calls, ((IRawBytes)contestant.Session).UploadBytesAsync(RawBytes.Length));
        double p50 = Statistics.Percentile(beside, 0.5);
        return new Sample(p50)
        {
            Details = new Dictionary<string, double>
            {
                ["p50"] = p50,
                ["p99"] = Statistics.Percentile(beside, 0.99),
                ["p50_alone"] = Statistics.Percentile(alone, 0.5),
                ["p99_alone"] = Statistics.Percentile(alone, 0.99),
            },
        };
    }

    private static async Task<List<double>> TimeAsync(ISmallCalls calls, Task until)
    {
        var times = new List<double>();
        do
        {
            long start = Stopwatch.GetTimestamp();
            await calls.CallAsync(Block.Of((ulong)times.Count));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        while (!until.IsCompleted);
        await until;
        times.Sort();
        return times;
    }
}
