using System.Globalization;
using IrohRpc.Iroh035;

// iroh035 <folder with peer.js and its package> [blobs|gossip]: a table of what works between real iroh 0.35.0 and ours.
// iroh035 <folder> figures [MiB] [rounds]: how fast each gets blobs from each, disk to disk, in turns. To be run inside a network namespace that holds only loopback, since real iroh looks for the outside otherwise: see run.sh.
DirectoryInfo scratch = Directory.CreateTempSubdirectory("irohrpc-iroh035-");
try
{
    if (args is [_, "figures", ..])
    {
        int mebibytes = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 256;
        int rounds = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 3;
        await new BlobFigures(args[0], scratch.FullName).RunAsync(mebibytes, rounds);
        return 0;
    }

    var table = new CaseTable();
    Console.WriteLine("| case | direction | works | took |");
    Console.WriteLine("|---|---|---|---|");
    if (args is [_] or [_, "blobs"])
    {
        await new BlobCases(args[0], scratch.FullName).RunAsync(table);
    }

    if (args is [_] or [_, "gossip"])
    {
        await new GossipCases(args[0]).RunAsync(table);
    }

    return table.Failures;
}
finally
{
    scratch.Delete(recursive: true);
}
