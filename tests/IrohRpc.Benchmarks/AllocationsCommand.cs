using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics.Tracing;
using System.Globalization;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Scenarios;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks;

/// <summary>Which types a scenario allocates, by the samples that the runtime takes every 100 KB.</summary>
internal static class AllocationsCommand
{
    public static Command Create()
    {
        var filter = new Option<string[]>("--filter") { Description = "Run the scenarios that have one of these in their name.", AllowMultipleArgumentsPerToken = true, Required = true };
        var system = new Option<string[]>("--system") { Description = "Run these systems only.", AllowMultipleArgumentsPerToken = true };
        var transport = new Option<string[]>("--transport") { Description = "Run on these transports only.", AllowMultipleArgumentsPerToken = true };
        var callers = new Option<int[]>("--callers") { Description = "Run small calls with these numbers of callers only.", AllowMultipleArgumentsPerToken = true };
        var seconds = new Option<int>("--seconds") { Description = "How long each runs.", DefaultValueFactory = _ => 5 };
        var command = new Command("allocations", "Name the types that scenarios allocate.") { filter, system, transport, callers, seconds };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            AllScenarios.Create(parsed.GetValue(filter)!, parsed.GetValue(callers) ?? []),
            AllSystems.Create(parsed.GetValue(system) is { Length: > 0 } systems ? systems : ["irohrpc"], parsed.GetValue(transport) ?? []),
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
                await scenario.WarmUpAsync(contestant, Effort.Full with { Warmup = TimeSpan.FromSeconds(2) });
                cancellationToken.ThrowIfCancellationRequested();
                using var sampler = new Sampler();
                Sample sample = await scenario.MeasureAsync(contestant, Effort.Full with { Turn = duration });
                Write(scenario, system, sample, sampler.Counts);
            }
        }
    }

    private static void Write(Scenario scenario, BenchmarkSystem system, Sample sample, IReadOnlyDictionary<string, int> counts)
    {
        double total = counts.Values.Sum();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenario.Name}, {scenario.Callers} callers, {system}: {sample.BytesPerOperation:N1} bytes for each operation; {total:N0} samples"));
        foreach ((string type, int count) in counts.OrderByDescending(static pair => pair.Value).Take(25))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count / total,7:P1} {count / total * sample.BytesPerOperation,8:N1}  {type}"));
        }
    }

    private sealed class Sampler : EventListener
    {
        private const EventKeywords GarbageCollection = (EventKeywords)1;
        private readonly ConcurrentDictionary<string, int> _counts = new();

        public IReadOnlyDictionary<string, int> Counts => _counts;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, GarbageCollection);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true && eventData.PayloadNames?.IndexOf("TypeName") is >= 0 and int index)
            {
                _counts?.AddOrUpdate((string)eventData.Payload![index]!, 1, static (_, count) => count + 1);
            }
        }
    }
}
