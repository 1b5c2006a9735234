using System.Globalization;
using IrohRpc.Hostile;

return args switch
{
    ["fuzz", string count, string seed] => FuzzCommand.Run(long.Parse(count, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture)),
    ["costs"] => CostsCommand.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("fuzz <count> <seed>    reads so many mutated payloads of every type");
    return 2;
}
