using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>What a call that waits for its answer holds of the managed heap, both ends together with the caller's and the handler's own tasks.</summary>
internal sealed class CallsInFlight() : Scenario("calls-in-flight", "bytes")
{
    public override int MaxRounds => 3;

    public override bool CanRun(Contestant contestant) => contestant.Session is IHeldCalls;

    public override Task WarmUpAsync(Contestant contestant, Effort effort) => MeasureAsync(contestant, effort with { CallsInFlight = 100 });

    public override async Task<Sample> MeasureAsync(Contestant contestant, Effort effort)
    {
        var calls = (IHeldCalls)contestant.Session;
        var tasks = new Task[effort.CallsInFlight];
        long before = await Memory.MeasureAsync();
        for (int i = 0; i < tasks.Length; i++)
        {
            tasks[i] = calls.HoldAsync(Block.Of((ulong)i));
        }

        while (calls.Held < tasks.Length)
        {
            await Task.WhenAny(Task.WhenAny(tasks), Task.Delay(5));
            if (Array.Find(tasks, static task => task.IsFaulted) is { } failed)
            {
                await failed;
            }
        }

        double each = (double)(await Memory.MeasureAsync() - before) / tasks.Length;
        calls.Release();
        await Task.WhenAll(tasks);
        return new Sample(each);
    }
}
