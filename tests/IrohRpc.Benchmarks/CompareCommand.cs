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
        var transport = new Option<string[]>("--transport") { Description = "Run on these transports only.", AllowMultipleArgumentsPerToken = true };
        var callers = new Option<int[]>("--callers") { Description = "Run small calls with these numbers of callers only.", AllowMultipleArgumentsPerToken = true };
        var json = new Option<FileInfo?>("--json") { Description = "Write the results to a file as JSON too." };
        var quick = new Option<bool>("--quick") { Description = "Fewer and shorter rounds: under 50 seconds in place of three minutes." };
        var distant = new Option<bool>("--distant") { Description = "Run on links that stand for distant peers too, each of which takes minutes; a transport that is named needs no such word." };
        var command = new Command("compare", "Compare whole calls with other systems, side by side.") { filter, system, transport, callers, distant, json, quick };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            AllScenarios.Create(parsed.GetValue(filter) ?? [], parsed.GetValue(callers) ?? []),
            AllSystems.Create(parsed.GetValue(system) ?? [], parsed.GetValue(transport) ?? [], parsed.GetValue(distant)),
            parsed.GetValue(json),
            parsed.GetValue(quick) ? Effort.Quick : Effort.Full,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<Scenario> scenarios, IReadOnlyList<BenchmarkSystem> systems, FileInfo? json, Effort effort, CancellationToken cancellationToken)
    {
        if (scenarios.Count == 0 || systems.Count == 0)
        {
            await Console.Error.WriteLineAsync("Nothing is left to run: no scenario or no system goes by these names.");
            return 1;
        }

        // A file has no width, and a table that is cut helps nobody.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings());
        console.Profile.Width = Math.Max(console.Profile.Width, 140);
        if (!AllSystems.HasQuic)
        {
            console.WriteLine("libmsquic is not here: what runs on QUIC is left out, ours, the bare streams and grpc-h3.");
        }

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
