using IrohRpc.Benchmarks.Scenarios;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Measuring;

/// <summary>Runs scenarios in turns: in each round every system that can has one, so that what disturbs the machine disturbs them all.</summary>
internal static class Comparison
{
    /// <summary>Runs all scenarios.</summary>
    /// <param name="scenarios">What to run.</param>
    /// <param name="systems">Who runs it. Started here, and disposed at the end.</param>
    /// <param name="effort">How much.</param>
    /// <param name="progress">Told what runs now.</param>
    /// <param name="cancellationToken">Ends the comparison between two turns.</param>
    public static async Task<IReadOnlyList<Result>> RunAsync(
        IReadOnlyList<Scenario> scenarios,
        IReadOnlyList<BenchmarkSystem> systems,
        Effort effort,
        Action<string> progress,
        CancellationToken cancellationToken)
    {
        List<Contestant> contestants = [];
        try
        {
            foreach (BenchmarkSystem system in systems)
            {
                await system.StartAsync();
                contestants.Add(new Contestant(system, await system.ConnectAsync()));
            }

            List<Result> results = [];
            HashSet<Contestant> warm = [];
            foreach (Scenario scenario in scenarios)
            {
                Contestant[] able = [.. contestants.Where(scenario.CanRun)];
                foreach (Contestant contestant in able)
                {
                    progress($"{scenario.Name}, {scenario.Callers} callers: {contestant.System} warms up");
                    cancellationToken.ThrowIfCancellationRequested();
                    await scenario.WarmUpAsync(contestant, warm.Add(contestant) ? effort with { Warmup = effort.FirstWarmup } : effort);
                }

                results.AddRange(await RunAsync(scenario, able, effort, progress, cancellationToken));
            }

            return results;
        }
        finally
        {
            foreach (Contestant contestant in contestants)
            {
                await contestant.Session.DisposeAsync();
            }

            foreach (BenchmarkSystem system in systems)
            {
                await system.DisposeAsync();
            }
        }
    }

    private static async Task<IEnumerable<Result>> RunAsync(
        Scenario scenario, IReadOnlyList<Contestant> contestants, Effort effort, Action<string> progress, CancellationToken cancellationToken)
    {
        var samples = contestants.ToDictionary(contestant => contestant, _ => new List<Sample>());
        int rounds = Math.Min(effort.Rounds, scenario.MaxRounds);
        for (int round = 1; round <= rounds; round++)
        {
            foreach (Contestant contestant in contestants)
            {
                progress($"{scenario.Name}, {scenario.Callers} callers: {contestant.System}, round {round} of {rounds}");
                cancellationToken.ThrowIfCancellationRequested();
                samples[contestant].Add(await scenario.MeasureAsync(contestant, effort));
            }
        }

        return contestants.Select(contestant => new Result(scenario, contestant.System, samples[contestant]));
    }
}
