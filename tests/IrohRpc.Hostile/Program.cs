using System.Globalization;
using IrohRpc.Hostile;

return args switch
{
    ["fuzz", string count, string seed] => FuzzCommand.Run(long.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)),
    ["places", string seed] => await PlacesCommand.RunAsync(int.Parse(seed, CultureInfo.InvariantCulture)),
    ["write"] => await WriteCommand.RunAsync(),
    ["padding"] => PaddingCommand.Run(),
    ["speed"] => SpeedCommand.Run(),
    ["flood"] => FloodCommand.Run(),
    ["roundtrip", string transport, string seed] => await RoundTripCommand.RunAsync(transport, int.Parse(seed, CultureInfo.InvariantCulture)),
    ["expansion"] => ExpansionCommand.Run(),
    ["costs"] => CostsCommand.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("fuzz <count> <seed>    reads so many mutated payloads of every type");
    Console.Error.WriteLine("costs                  compares what collections take of memory with what is counted");
    Console.Error.WriteLine("expansion              finds the payload of each collection that becomes the largest");
    Console.Error.WriteLine("places <seed>          sends malformed payloads to every place that one stands in");
    Console.Error.WriteLine("write                  writes what cannot be written in every place");
    Console.Error.WriteLine("padding                looks for bytes that nobody wrote between the fields of structs");
    Console.Error.WriteLine("speed                  compares reading with and without the check");
    Console.Error.WriteLine("flood                  reads large collections with the worst keys");
    Console.Error.WriteLine("roundtrip <transport> <seed>    sends random values over memory, tls or quic and back");
    return 2;
}
