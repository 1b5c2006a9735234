using System.CommandLine;
using IrohRpc.Benchmarks.Measuring;
using IrohRpc.Benchmarks.Output;
using IrohRpc.Benchmarks.Scenarios;
using IrohRpc.Benchmarks.Systems;
using Spectre.Console;

namespace IrohRpc.Benchmarks;

/// <summary>Whole calls, side by side: every system does the same work in one process, in turns.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var filter = new Option<string[]>("--filter") { Description = "Run the scenarios that have one of these in their name.", AllowMultipleArgumentsPerToken = true };
        var system = new Option<string[]>("--system") { Description = "Run these systems only.", AllowMultipleArgumentsPerToken = true };
        var json = new Option<FileInfo?>("--json") { Description = "Write the results to a file as JSON too." };
        var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds: under 50 seconds in place of three minutes." };
        var command = new Command("compare", "Compare whole calls with other systems, side by side.") { filter, system, json, quick };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetValue(filter) ?? [],
            parsed.GetValue(system) ?? [],
            parsed.GetValue(json),
            parsed.GetValue(quick) ? Effort.Quick : Effort.Full,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] filter, string[] names, FileInfo? json, Effort effort, CancellationToken cancellationToken)
    {
        IReadOnlyList<Scenario> scenarios = AllScenarios.Create(filter);
        if (scenarios.Count == 0)
        {
            await Console.Error.WriteLineAsync($"No scenario has {string.Join(" or ", filter)} in its name.");
            return 1;
        }

        // A file has no width, and a table that is cut helps nobody.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = Math.Max(console.Profile.Width, 140);
        if (!AllSystems.HasQuic)
        {
            console.WriteLine("libmsquic is not here: what runs on QUIC is left out, ours, the bare streams and grpc-h3.");
        }

        IReadOnlyList<BenchmarkSystem> systems = [.. AllSystems.Create().Where(candidate => names.Length == 0 || names.Contains(candidate.Name))];
        IReadOnlyList<Result> results = [];
        await console.Status().StartAsync("starting", async context => results = await Comparison.RunAsync(
            scenarios, systems, effort, step => context.Status(Markup.Escape(step)), cancellationToken));
        ResultTable.Write(console, results);
        ResultTable.Write(console, Verdicts.Of(results));
        if (json is not null)
        {
            await using FileStream destination = json.Create();
            JsonFile.Write(destination, results);
        }

        return 0;
    }
}
