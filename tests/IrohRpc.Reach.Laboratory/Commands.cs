using System.Globalization;

namespace IrohRpc.Reach.Laboratory;

/// <summary>The commands. Each returns zero where all came as it must, and 77 where the machine lacks something.</summary>
internal static class Commands
{
    private const int Lacking = 77;

    /// <summary>Prints a row of the table for each pair; fails where a pair took another path than it must, or lost a call.</summary>
    public static Task<int> RunAsync(IEnumerable<Experiment> experiments) => TryAsync(async () =>
    {
        Console.WriteLine("| server | caller | path | first call, ms | direct after, ms | calls lost |");
        Console.WriteLine("|---|---|---|---|---|---|");
        int wrong = 0;
        foreach (Experiment experiment in experiments)
        {
            (string server, string caller) = experiment.Neighbourhood == Neighbourhood.None
                ? (experiment.Server.ToString(), experiment.Caller.ToString())
                : (experiment.Neighbourhood.ToString(), "the same");
            wrong += Print(server, caller, await experiment.RunAsync(), experiment.MustBeDirect) ? 0 : 1;
        }

        return wrong == 0;
    });

    /// <summary>The same for a pair of which one is real iroh.</summary>
    public static Task<int> RunWithIrohAsync(Experiment experiment, string script, bool irohServes) => TryAsync(async () =>
    {
        (Site iroh, Site ours) = irohServes ? (experiment.Server, experiment.Caller) : (experiment.Caller, experiment.Server);
        return Print(
            experiment.Server + (irohServes ? " (iroh)" : ""),
            experiment.Caller + (irohServes ? "" : " (iroh)"),
            await experiment.RunWithIrohAsync(script, irohServes),
            Experiment.MustBeDirectWithIroh(iroh, ours));
    });

    /// <summary>The caller's address changes in the midst of its calls.</summary>
    public static Task<int> MoveAsync(Experiment experiment) => TryAsync(async () =>
    {
        Experiment.Outcome outcome = await experiment.RunAsync(moves: true);
        Console.WriteLine($"{(outcome.IsDirect ? "direct" : "relayed")}, the longest call {outcome.Longest} ms, {outcome.Lost} lost");
        return outcome.IsDirect == experiment.MustBeDirect && outcome.Lost == 0;
    });

    /// <summary>A port is mapped by one protocol, reached from outside, and not reached any more once the mapping was given back.</summary>
    public static Task<int> MapAsync(string protocol) => TryAsync(async () =>
    {
        string self = Environment.ProcessPath!;
        using var topology = new Topology(Site.MappingNat, Site.Open);
        using var programs = new Programs();
        Programs.Running host = programs.Add(topology.Server.Start(self, "mapped", protocol));
        string external = await host.LineAsync();
        await programs.Add(topology.Caller.Start(self, "send", external, "hello")).RestAsync();
        string heard = await host.LineAsync();
        string renewed = await host.LineAsync();
        string end = await host.LineAsync();
        await programs.Add(topology.Caller.Start(self, "send", external, "again")).RestAsync();
        await host.SayAsync("sent");
        string after = await host.LineAsync();
        Console.WriteLine($"{protocol}: {external}, {heard}; renewed: {renewed}; {end}, {after}");
        return external.StartsWith("11.77.1.2:", StringComparison.Ordinal) && (heard, renewed, end, after) == ("hello", external, "unmapped", "silence");
    });

    /// <summary>The greeter of the samples, called by its id alone.</summary>
    public static Task<int> ShowGreeterAsync(string program, Site server, Site caller) => TryAsync(async () =>
    {
        string self = Environment.ProcessPath!;
        using var topology = new Topology(server, caller);
        using var programs = new Programs();
        string relay = await programs.Add(topology.StartRelay(self)).LineAsync();
        Programs.Running published = programs.Add(topology.StartLookup(self));
        string lookup = await published.LineAsync();
        string[] reach = ["--relay", relay, "--lookup", lookup];
        Programs.Running greeter = programs.Add(topology.Server.Start(program, ["serve", "--listen", "any", .. reach]));
        await greeter.LineAsync();
        string id = (await greeter.LineAsync())["id: ".Length..];
        while (!(await published.LineAsync()).Contains("relay=", StringComparison.Ordinal))
        {
        }

        Console.WriteLine($"$ greeter call {id} {string.Join(' ', reach)}");
        string transcript = await programs.Add(topology.Caller.Start(program, ["call", id, .. reach])).RestAsync();
        Console.Write(transcript);
        bool isDirect = !transcript.Split('\n').Last(static line => line.StartsWith("the path:", StringComparison.Ordinal)).Contains("relay:", StringComparison.Ordinal);
        return isDirect == new Experiment(server, caller).MustBeDirect && transcript.Contains("cancel:    that was enough", StringComparison.Ordinal);
    });

    private static async Task<int> TryAsync(Func<Task<bool>> run)
    {
        try
        {
            return await run() ? 0 : 1;
        }
        catch (LaboratoryException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return Lacking;
        }
    }

    private static bool Print(string server, string caller, Experiment.Outcome outcome, bool mustBeDirect)
    {
        bool isRight = outcome.IsDirect == mustBeDirect && outcome.Lost == 0;
        Console.WriteLine(
            $"| {server} | {caller} | {(outcome.IsDirect ? "direct" : "relayed")}{(isRight ? "" : " (wrong)")} "
                + $"| {outcome.FirstCall} | {outcome.DirectAfter?.ToString(CultureInfo.InvariantCulture) ?? "–"} | {outcome.Lost} |");
        return isRight;
    }
}
