using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>Calls with 64 KiB there and back, from one caller.</summary>
internal sealed class LargeCalls() : Scenario("unary-64KiB", "ops/s")
{
    private readonly byte[] _data = new byte[Session.LargeCall];

    public override bool CanRun(Contestant contestant) => contestant.Session is ILargeCalls;

    public override Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var calls = (ILargeCalls)contestant.Session;
        return Load.RunAsync(1, effort.Turn, _ => calls.CallAsync(_data));
    }
}
