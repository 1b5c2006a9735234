using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Scenarios;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks;

/// <summary>
/// What an operation costs both ends together: processor time and context switches. Both depend far less than time on what else the machine does. Each
/// system runs alone, so that a profiler that watches the process sees only it.
/// </summary>
internal static class CostsCommand
{
    public static Command Create()
    {
        var filter = new Option<string[]>("--filter") { Description = "Run the scenarios that have one of these in their name.", AllowMultipleArgumentsPerToken = true, Required = true };
        var system = new Option<string[]>("--system") { Description = "Run these systems only.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = static _ => ["irohrpc"] };
        var transport = new Option<string[]>("--transport") { Description = "Run on these transports only.", AllowMultipleArgumentsPerToken = true };
        var callers = new Option<int[]>("--callers") { Description = "Run small calls with these numbers of callers only.", AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<int>("--seconds") { Description = "How long each runs.", DefaultValueFactory = _ => 3 };
        var command = new Command("costs", "Processor time and context switches for each operation.") { filter, system, transport, callers, seconds };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            AllScenarios.Create(parsed.GetValue(filter)!, parsed.GetValue(callers) ?? []),
            AllSystems.Create(parsed.GetValue(system)!, parsed.GetValue(transport) ?? []),
            TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            cancellationToken));
        return command;
    }

    private static async Task RunAsync(
        IReadOnlyList<Scenario> scenarios, IReadOnlyList<BenchmarkSystem> systems, TimeSpan duration, CancellationToken cancellationToken)
    {
        foreach (BenchmarkSystem system in systems)
        {
            await using BenchmarkSystem started = system;
            await system.StartAsync();
            await using Session session = await system.ConnectAsync();
            var contestant = new Contestant(system, session);
            foreach (Scenario scenario in scenarios.Where(scenario => scenario.CanRun(contestant)))
            {
                await scenario.WarmUpAsync(contestant, Effort.Full with { Warmup = TimeSpan.FromSeconds(1) });
                await MeasureAsync(scenario, contestant, duration, cancellationToken);
            }
        }
    }

    private static async Task MeasureAsync(Scenario scenario, Contestant contestant, TimeSpan duration, CancellationToken cancellationToken)
    {
        double units = 0;
        long start = Stopwatch.GetTimestamp();
        long switches = CountSwitches();
        Environment.ProcessCpuUsage before = Environment.CpuUsage;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            long turn = Stopwatch.GetTimestamp();
            Sample sample = await scenario.MeasureAsync(contestant, Effort.Full);
            units += sample.Value * Stopwatch.GetElapsedTime(turn).TotalSeconds;
        }
        while (Stopwatch.GetElapsedTime(start) < duration);
        Environment.ProcessCpuUsage after = Environment.CpuUsage;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double user = (after.UserTime - before.UserTime).TotalMicroseconds / units;
        double system = (after.PrivilegedTime - before.PrivilegedTime).TotalMicroseconds / units;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{scenario.Name,-14} {scenario.Callers,4} callers  {contestant.System,-16} {units / seconds,12:N0} {scenario.Unit,-6} {user + system,9:N2} µs of processor ({system:N2} in the kernel), {(CountSwitches() - switches) / units:N3} context switches"));
    }

    // Those of threads that have ended meanwhile are missing, which are few.
    private static long CountSwitches()
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        long count = 0;
        foreach (string thread in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                count += File.ReadLines(Path.Combine(thread, "status"))
                    .Where(static line => line.Contains("ctxt_switches", StringComparison.Ordinal))
                    .Sum(static line => long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture));
            }
            catch (IOException)
            {
                // The thread has ended since it was listed.
            }
        }

        return count;
    }
}
