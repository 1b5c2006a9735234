using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>
/// What a connection that has been used and is idle now holds of the managed heap, both ends together. Of that, a system's own share is what it holds
/// beyond a bare stream; what MsQuic and OpenSSL hold outside of the heap is the same for all on one transport.
/// </summary>
internal sealed class IdleConnections() : Scenario("idle-connections", "bytes")
{
    private const int AtOnce = 8;

    public override int MaxRounds => 1;

    public override bool CanRun(Contestant contestant) => contestant.Session is ISmallCalls;

    // What a system holds once and for all is there after a few connections.
    public override Task WarmUpAsync(Contestant contestant, Effort effort) => MeasureAsync(contestant, effort with { IdleConnections = 4 * AtOnce });

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        long before = await Memory.MeasureAsync();
        var sessions = new Session[effort.IdleConnections];
        await Parallel.ForAsync(0, sessions.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            sessions[i] = await contestant.System.ConnectAsync();
            await ((ISmallCalls)sessions[i]).CallAsync(Block.Of((ulong)i));
        });
        double each = (double)(await Memory.MeasureAsync() - before) / sessions.Length;
        await Parallel.ForEachAsync(sessions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, static (session, _) => session.DisposeAsync());
        return new Sample(each);
    }
}
