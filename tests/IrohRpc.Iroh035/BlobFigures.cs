using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using IrohRpc.Blobs;

namespace IrohRpc.Iroh035;

/// <summary>
/// How fast a large blob, and 10,000 small ones as one collection, come from the disk of one peer to that of another: of each kind from each kind, in turns,
/// with new data each time. Nodes of real iroh have a process each, ours share this one.
/// </summary>
internal sealed class BlobFigures(string installation, string folder)
{
    private const int Many = 10_000;
    private const int ManySize = 1_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private int _seed;

    public async Task RunAsync(int mebibytes, int rounds)
    {
        await using RealPeer realSource = await RealPeer.StartAsync(installation, Store("real-source"));
        await using RealPeer realTarget = await RealPeer.StartAsync(installation, Store("real-target"));
        await using OurPeer ourSource = await OurPeer.StartAsync(folder: Store("our-source"));
        await using OurPeer ourTarget = await OurPeer.StartAsync(folder: Store("our-target"));
        await realTarget.KnowAsync(ourSource.Address);
        await realTarget.KnowAsync(realSource.Address);
        await realSource.KnowAsync(ourTarget.Address);
        await realSource.KnowAsync(realTarget.Address);
        (string Name, Func<bool, Task<double>> Run)[] ways =
        [
            ("ours → ours", many => ToOursAsync(ourTarget, ourSource.Address, () => OurBlobAsync(ourSource, many, mebibytes), many)),
            ("real → real", many => ToRealAsync(realTarget, realSource.Address, () => RealBlobAsync(realSource, many, mebibytes), many)),
            ("real → ours", many => ToOursAsync(ourTarget, realSource.Address, () => RealBlobAsync(realSource, many, mebibytes), many)),
            ("ours → real", many => ToRealAsync(realTarget, ourSource.Address, () => OurBlobAsync(ourSource, many, mebibytes), many)),
        ];
        var seconds = ways.ToDictionary(static way => way.Name, static _ => (Large: new List<double>(), Many: new List<double>()));
        for (int round = 0; round < rounds; round++)
        {
            foreach ((string name, Func<bool, Task<double>> run) in ways)
            {
                seconds[name].Large.Add(await run(false));
                seconds[name].Many.Add(await run(true));
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"round {round + 1}, {name}: {seconds[name].Large[^1]:f2} s and {seconds[name].Many[^1]:f2} s"));
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| from → to | blob of {mebibytes} MiB, MB/s | {Many} blobs of {ManySize} bytes, blobs/s |"));
        Console.WriteLine("|---|---|---|");
        foreach ((string name, (List<double> large, List<double> many)) in seconds)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {mebibytes * 1.048576 / Median(large):f0} | {Many / Median(many):f0} |"));
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static async Task<double> ToOursAsync(OurPeer target, EndpointAddress source, Func<Task<BlobHash>> make, bool many)
    {
        BlobHash hash = await make();
        long start = Stopwatch.GetTimestamp();
        await foreach (BlobDownloadProgress _ in new BlobDownloader(target.Endpoint, target.Store)
            .DownloadAsync(hash, many ? BlobFormat.HashSequence : BlobFormat.Raw, [source], CancellationToken.None))
        {
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> ToRealAsync(RealPeer target, EndpointAddress source, Func<Task<BlobHash>> make, bool many)
    {
        BlobHash hash = await make();
        JsonObject arguments = RealPeer.Describe(source);
        arguments["hash"] = hash.ToString();
        arguments["format"] = many ? "HashSeq" : "Raw";
        long start = Stopwatch.GetTimestamp();
        await target.AskAsync("download", arguments, Patience);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private async Task<BlobHash> OurBlobAsync(OurPeer source, bool many, int mebibytes)
    {
        if (!many)
        {
            return await source.Store.ImportFileAsync(await WriteFileAsync(mebibytes));
        }

        int seed = ++_seed;
        var entries = new List<BlobCollectionEntry>();
        var data = new byte[ManySize];
        BitConverter.TryWriteBytes(data.AsSpan(4), seed);
        for (int i = 0; i < Many; i++)
        {
            BitConverter.TryWriteBytes(data, i);
            entries.Add(new($"blob {i}", await source.Store.ImportAsync(data)));
        }

        return await new BlobCollection(entries).StoreAsync(source.Store);
    }

    private async Task<BlobHash> RealBlobAsync(RealPeer source, bool many, int mebibytes)
    {
        JsonObject made = many
            ? await source.AskAsync("addMany", new JsonObject { ["count"] = Many, ["size"] = ManySize, ["seed"] = ++_seed }, Patience)
            : await source.AskAsync("addFile", new JsonObject { ["path"] = await WriteFileAsync(mebibytes) }, Patience);
        return BlobHash.Parse((string)made["hash"]!);
    }

    private async Task<string> WriteFileAsync(int mebibytes)
    {
        string path = Path.Combine(folder, "data");
        var random = new Random(++_seed);
        var piece = new byte[1024 * 1024];
        await using FileStream file = File.Create(path);
        for (int i = 0; i < mebibytes; i++)
        {
            random.NextBytes(piece);
            await file.WriteAsync(piece);
        }

        return path;
    }

    private string Store(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
}
