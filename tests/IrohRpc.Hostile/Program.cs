using System.Globalization;
using System.Net;
using IrohRpc.Hostile;

return args switch
{
    ["fuzz", string count, string seed] => FuzzCommand.Run(long.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)),
    ["places", string seed] => await PlacesCommand.RunAsync(int.Parse(seed, CultureInfo.InvariantCulture)),
    ["write"] => await WriteCommand.RunAsync(),
    ["padding"] => await PaddingCommand.RunAsync(),
    ["speed"] => SpeedCommand.Run(),
    ["calls", string transport] => await WholeCallsCommand.RunAsync(transport),
    ["flood"] => FloodCommand.Run(),
    ["roundtrip", string transport, string seed] => await RoundTripCommand.RunAsync(transport, int.Parse(seed, CultureInfo.InvariantCulture)),
    ["expansion"] => ExpansionCommand.Run(),
    ["costs"] => CostsCommand.Run(),
    ["beside", string transport, string seconds, string turns] => await BesideCommand.RunAsync(transport, double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(turns, CultureInfo.InvariantCulture), ""),
    ["beside", string transport, string seconds, string turns, string which] => await BesideCommand.RunAsync(transport, double.Parse(seconds, CultureInfo.InvariantCulture), int.Parse(turns, CultureInfo.InvariantCulture), which),
    ["floods", string transport, string seconds] => await FloodsCommand.RunAsync(transport, double.Parse(seconds, CultureInfo.InvariantCulture), ""),
    ["floods", string transport, string seconds, string which] => await FloodsCommand.RunAsync(transport, double.Parse(seconds, CultureInfo.InvariantCulture), which),
    ["attack-flood", string transport, string name, string ticket] => await FloodsCommand.AttackAsync(transport, name, ticket),
    ["chaos", string transport, string rounds] => await ChaosCommand.RunAsync(transport, int.Parse(rounds, CultureInfo.InvariantCulture)),
    ["link", string transport, string seconds, string idleTimeout, string partition] => await LinkChaosCommand.RunAsync(transport, seconds, idleTimeout, partition),
    ["link-inside", string transport, string seconds, string idleTimeout, string partition] => await LinkChaosCommand.RunInsideAsync(transport, Seconds(seconds), Seconds(idleTimeout), Seconds(partition)),
    ["ledger", string transport, string key, string listenOn, string file, string idleTimeout] => await TransferService.ServeAsync(transport, key, IPEndPoint.Parse(listenOn), file, Seconds(idleTimeout)),
    ["restart", string transport, string callers, string rounds] => await RestartCommand.RunAsync(transport, int.Parse(callers, CultureInfo.InvariantCulture), int.Parse(rounds, CultureInfo.InvariantCulture)),
    ["serve", string transport, string key, string port] => await RestartCommand.ServeAsync(transport, key, int.Parse(port, CultureInfo.InvariantCulture)),
    ["serve", string transport] => await BesideCommand.ServeAsync(transport),
    ["burn", string share] => await ProcessorLoad.BurnAsync(double.Parse(share, CultureInfo.InvariantCulture)),
    ["attack", string transport, string name, string ticket] => await BesideCommand.AttackAsync(transport, name, ticket),
    _ => Usage(),
};

static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

static int Usage()
{
    Console.Error.WriteLine("fuzz <count> <seed>    reads so many mutated payloads of every type");
    Console.Error.WriteLine("costs                  compares what collections take of memory with what is counted");
    Console.Error.WriteLine("expansion              finds the payload of each collection that becomes the largest");
    Console.Error.WriteLine("places <seed>          sends malformed payloads to every place that one stands in");
    Console.Error.WriteLine("write                  writes what cannot be written in every place");
    Console.Error.WriteLine("padding                looks for bytes that nobody wrote between the fields of structs");
    Console.Error.WriteLine("speed                  compares reading with and without the check");
    Console.Error.WriteLine("calls <transport>      compares whole calls and items with and without the check");
    Console.Error.WriteLine("flood                  reads large collections with the worst keys");
    Console.Error.WriteLine("beside <transport> <seconds> <turns> [attack]    measures what an honest caller keeps of its throughput beside each attack");
    Console.Error.WriteLine("floods <transport> <seconds> [flood]    measures what honest callers see beside floods of handshakes, records, frames and connections");
    Console.Error.WriteLine("chaos <transport> <rounds>    kills and stops a service under load, and compares the books of both sides");
    Console.Error.WriteLine("link <transport> <seconds> <idle time-out> <cut>    does the same over an emulated link with faults of that length, on two hosts in namespaces");
    Console.Error.WriteLine("restart <transport> <callers> <rounds>    kills a service without a goodbye and measures how soon its callers are answered again");
    Console.Error.WriteLine("roundtrip <transport> <seed>    sends random values over memory, tls, quic or msquic and back");
    return 2;
}
