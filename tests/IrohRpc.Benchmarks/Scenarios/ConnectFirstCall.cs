using System.Diagnostics;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>From nothing to the answer of the first call: the handshake and one exchange. Closing is not part of it.</summary>
internal sealed class ConnectFirstCall() : Scenario("connect-first-call", "us")
{
    public override bool CanRun(Contestant contestant) => contestant.Session is ISmallCalls;

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var times = new List<double>(effort.Connects);
        for (int i = 0; i < effort.Connects; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await using Session session = await contestant.System.ConnectAsync();
            await ((ISmallCalls)session).CallAsync(Block.Of((ulong)i));
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return new Sample(Statistics.Median(times));
    }
}
