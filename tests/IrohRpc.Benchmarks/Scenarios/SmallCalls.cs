using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>Calls with 64 bytes there and back.</summary>
internal sealed class SmallCalls(int callers) : Scenario("unary-64B", "ops/s")
{
    public override int Callers => callers;

    public override bool CanRun(Contestant contestant) => contestant.Session is ISmallCalls calls && calls.MostCallers >= callers;

    public override Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var calls = (ISmallCalls)contestant.Session;
        return Load.RunAsync(callers, effort.Turn, number => calls.CallAsync(Block.Of(number)));
    }
}
