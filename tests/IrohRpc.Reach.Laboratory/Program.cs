using System.Globalization;
using System.Net;
using IrohRpc;
using IrohRpc.Reach.Laboratory;

List<string> arguments = [.. args];
bool mapsPorts = arguments.Remove("--map");
switch (arguments)
{
    case ["relay", var at]:
        await Peers.RelayAsync(IPEndPoint.Parse(at));
        return 0;
    case ["lookup", var http, var dns]:
        await Peers.LookupAsync(IPEndPoint.Parse(http), IPEndPoint.Parse(dns));
        return 0;
    case ["serve", var relay]:
        await Peers.ServeAsync(new Uri(relay), mapsPorts);
        return 0;
    case ["serve", var relay, var lookup]:
        await Peers.ServeAsync(new Uri(relay), mapsPorts, new Uri(lookup));
        return 0;
    case ["call", var ticket, var relay]:
        await Peers.CallAsync(EndpointTicket.Parse(ticket), new Uri(relay), mapsPorts);
        return 0;
    case ["call", var ticket, var relay, var seconds]:
        await Peers.CallAsync(EndpointTicket.Parse(ticket), new Uri(relay), mapsPorts, TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)));
        return 0;
    case ["mapped", var protocol]:
        await PortMappingHost.RunAsync(protocol);
        return 0;
    case ["send", var to, var text]:
        await PortMappingHost.SendAsync(IPEndPoint.Parse(to), text);
        return 0;
    case ["move", var server, var caller]:
        return await Commands.MoveAsync(new Experiment(Enum.Parse<Site>(server), Enum.Parse<Site>(caller)));
    case ["map", var protocol]:
        return await Commands.MapAsync(protocol);
    case ["iroh", var role, var script, var server, var caller]:
        return await Commands.RunWithIrohAsync(new Experiment(Enum.Parse<Site>(server), Enum.Parse<Site>(caller)), script, role == "serve");
    case ["greeter", var program, var server, var caller]:
        return await Commands.ShowGreeterAsync(program, Enum.Parse<Site>(server), Enum.Parse<Site>(caller));
    case ["run"]:
        return await Commands.RunAsync(Experiment.All);
    case ["run", var neighbourhood]:
        return await Commands.RunAsync([Experiment.Of(Enum.Parse<Neighbourhood>(neighbourhood))]);
    case ["run", var server, var caller]:
        return await Commands.RunAsync([new Experiment(Enum.Parse<Site>(server), Enum.Parse<Site>(caller))]);
    default:
        Console.Error.WriteLine($"""
            usage: laboratory run [<site of the server> <site of the caller> | <neighbourhood>]
                   laboratory move <site> <site>
                   laboratory map PCP|NAT-PMP|UPnP
                   laboratory iroh serve|call <script> <site of the server> <site of the caller>
                   laboratory greeter <program> <site of the server> <site of the caller>
            sites: {string.Join(", ", Enum.GetNames<Site>())}; neighbourhoods: {string.Join(", ", Enum.GetNames<Neighbourhood>().Skip(1))}
            """);
        return 2;
}
