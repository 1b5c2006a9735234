using System.Globalization;
using System.Net;
using IrohRpc;
using IrohRpc.Reach.Laboratory;

switch (args)
{
    case ["relay", var at]:
        await Peers.RelayAsync(IPEndPoint.Parse(at));
        return 0;
    case ["serve", var relay]:
        await Peers.ServeAsync(new Uri(relay));
        return 0;
    case ["call", var ticket, var relay]:
        await Peers.CallAsync(EndpointTicket.Parse(ticket), new Uri(relay));
        return 0;
    case ["call", var ticket, var relay, var seconds]:
        await Peers.CallAsync(EndpointTicket.Parse(ticket), new Uri(relay), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        return 0;
    case ["move", var server, var caller]:
        return await MoveAsync(new Experiment(Enum.Parse<Site>(server), Enum.Parse<Site>(caller)));
    case ["run", .. var pair]:
        return await RunAsync(pair);
    default:
        Console.Error.WriteLine("usage: laboratory run [<site of the server> <site of the caller>] | move <site> <site>; sites: " + string.Join(", ", Enum.GetNames<Site>()));
        return 2;
}

// The caller's address changes in the midst of its calls.
static async Task<int> MoveAsync(Experiment experiment)
{
    try
    {
        Experiment.Outcome outcome = await experiment.RunAsync(moves: true);
        Console.WriteLine($"{(outcome.IsDirect ? "direct" : "relayed")}, the longest call {outcome.Longest} ms, {outcome.Lost} lost");
        return outcome.IsDirect == experiment.MustBeDirect && outcome.Lost == 0 ? 0 : 1;
    }
    catch (LaboratoryException exception)
    {
        Console.Error.WriteLine(exception.Message);
        return 77;
    }
}

// Prints a row of the table for each pair; fails where a pair took another path than it must, or lost a call. 77 says that the machine lacks something.
static async Task<int> RunAsync(string[] pair)
{
    Experiment[] experiments = pair is [var server, var caller] ? [new Experiment(Enum.Parse<Site>(server), Enum.Parse<Site>(caller))] : [.. Experiment.All];
    Console.WriteLine("| server | caller | path | first call, ms | direct after, ms | calls lost |");
    Console.WriteLine("|---|---|---|---|---|---|");
    int wrong = 0;
    foreach (Experiment experiment in experiments)
    {
        try
        {
            Experiment.Outcome outcome = await experiment.RunAsync();
            bool isRight = outcome.IsDirect == experiment.MustBeDirect && outcome.Lost == 0;
            wrong += isRight ? 0 : 1;
            Console.WriteLine(
                $"| {experiment.Server} | {experiment.Caller} | {(outcome.IsDirect ? "direct" : "relayed")}{(isRight ? "" : " (wrong)")} "
                    + $"| {outcome.FirstCall} | {outcome.DirectAfter?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–"} | {outcome.Lost} |");
        }
        catch (LaboratoryException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 77;
        }
    }

    return wrong == 0 ? 0 : 1;
}
