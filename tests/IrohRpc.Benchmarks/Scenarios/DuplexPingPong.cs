using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>64 bytes there and back on a stream that is open.</summary>
internal sealed class DuplexPingPong() : Scenario("duplex-ping-pong", "us")
{
    public override bool CanRun(Contestant contestant) => contestant.Session is IPingPong;

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        await using IExchange exchange = await ((IPingPong)contestant.Session).OpenAsync();
        await exchange.ExchangeAsync(Block.Of(0));
        return await Load.TimeAsync(effort.Turn, number => exchange.ExchangeAsync(Block.Of(number)));
    }
}
