using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Blobs;
using IrohRpc.Transports;
using Blake3Of = IrohRpc.Hashing.Blake3;

namespace IrohRpc.Benchmarks;

/// <summary>
/// Blobs from disk to disk over loopback, beside a raw stream of the same transport, in turns; a collection of small ones; and BLAKE3 beside the
/// Blake3 package. Both ends are in this process, as everywhere in these benchmarks.
/// </summary>
internal static class BlobsCommand
{
    private const string RawAlpn = "raw/1";

    public static Command Create()
    {
        var size = new Option<int>("--mib") { Description = "The size of the large blob in MiB.", DefaultValueFactory = _ => 1024 };
        var turns = new Option<int>("--turns") { Description = "How often each is measured.", DefaultValueFactory = _ => 3 };
        var command = new Command("blobs", "Verified blobs beside raw streams.") { size, turns };
        command.SetAction(async (arguments, stop) =>
        {
            MeasureHashing();
            foreach (ITransport transport in (ITransport[])[QuicTransport.Instance, TlsTransport.Instance])
            {
                await MeasureAsync(transport, arguments.GetValue(size) * 1024L * 1024, arguments.GetValue(turns), stop);
            }

            return 0;
        });
        return command;
    }

    private static void MeasureHashing()
    {
        var data = new byte[1024 * 1024];
        new Random(1).NextBytes(data);
        var hash = new byte[Blake3Of.HashSize];
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int turn = 0; turn < 9; turn++)
        {
            theirs.Add(Rate(() => global::Blake3.Hasher.Hash(data, hash)));
            ours.Add(Rate(() => Blake3Of.Hash(data, hash)));
        }

        ours.Sort();
        theirs.Sort();
        Print($"blake3, 1 MiB: ours {ours[4]:f2} GB/s, package {theirs[4]:f2} GB/s, ratio {ours[4] / theirs[4]:f2}");

        double Rate(Action action)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 64; i++)
            {
                action();
            }

            return 64.0 * data.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }
    }

    private static async Task MeasureAsync(ITransport transport, long size, int turns, CancellationToken stop)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("irohrpc-blobs-bench-");
        try
        {
            string file = Path.Combine(folder.FullName, "large");
            await WriteFileAsync(file, size, stop);
            await using BlobStore source = await BlobStore.OpenAsync(Path.Combine(folder.FullName, "source"), cancellationToken: stop);
            BlobHash large = await source.ImportFileAsync(file, BlobImportMode.Reference, cancellationToken: stop);
            BlobHash many = await ManyAsync(source, stop);

            await using PeerEndpoint server = await BindAsync(transport, stop);
            await using Router router = await server.Route()
                .Map(BlobProtocol.Alpn, new BlobProvider(source))
                .Map(RawAlpn, async (connection, cancellation) =>
                {
                    try
                    {
                        while (true)
                        {
                            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
                            var buffer = new byte[256 * 1024];
                            for (long left = size; left > 0; left -= buffer.Length)
                            {
                                await stream.WriteAsync(buffer, left <= buffer.Length, cancellation);
                            }
                        }
                    }
                    catch (PeerException)
                    {
                    }
                })
                .StartAsync(stop);
            await using PeerEndpoint client = await BindAsync(transport, stop);
            var raw = new List<double>();
            var blob = new List<double>();
            var small = new List<double>();
            long memory = 0;
            for (int turn = 0; turn < turns; turn++)
            {
                raw.Add(await TimeAsync(() => ReadRawAsync(client, server.Address, stop)));
                string into = Path.Combine(folder.FullName, $"into{turn}");
                await using (BlobStore store = await BlobStore.OpenAsync(into, cancellationToken: stop))
                {
                    blob.Add(await TimeAsync(() => DownloadAsync(client, store, large, BlobFormat.Raw, server.Address, stop)));
                    memory = Math.Max(memory, GC.GetTotalMemory(false));
                    small.Add(await TimeAsync(() => DownloadAsync(client, store, many, BlobFormat.HashSequence, server.Address, stop)));
                }

                Directory.Delete(into, recursive: true);
            }

            double rawRate = size / Median(raw) / 1e6;
            double blobRate = size / Median(blob) / 1e6;
            Print($"{transport.Name}: raw stream {rawRate:f0} MB/s, blob from disk to disk {blobRate:f0} MB/s, ratio {blobRate / rawRate:f2}; managed memory after it {memory / 1e6:f0} MB; 10,000 small blobs {10_000 / Median(small):f0} a second");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<PeerEndpoint> BindAsync(ITransport transport, CancellationToken stop)
        => await PeerEndpoint.BindAsync(
            new PeerEndpointOptions
            {
                Transports = [transport],
                ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)],
                StreamReceiveWindow = 4 * 1024 * 1024,
            },
            stop);

    private static async Task ReadRawAsync(PeerEndpoint client, EndpointAddress server, CancellationToken stop)
    {
        await using PeerConnection connection = await client.DialAsync(server, RawAlpn, stop);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(stop);
        await stream.WriteAsync(new byte[1], completeWrites: true, stop);
        var buffer = new byte[256 * 1024];
        while (await stream.ReadAsync(buffer, stop) > 0)
        {
        }
    }

    private static async Task DownloadAsync(
        PeerEndpoint client, BlobStore store, BlobHash hash, BlobFormat format, EndpointAddress server, CancellationToken stop)
    {
        await foreach (BlobDownloadProgress _ in new BlobDownloader(client, store).DownloadAsync(hash, format, [server], stop))
        {
        }
    }

    private static async Task<BlobHash> ManyAsync(BlobStore store, CancellationToken stop)
    {
        var entries = new List<BlobCollectionEntry>();
        var data = new byte[1000];
        for (int i = 0; i < 10_000; i++)
        {
            BitConverter.TryWriteBytes(data, i);
            entries.Add(new($"blob {i}", await store.ImportAsync(data, stop)));
        }

        return await new BlobCollection(entries).StoreAsync(store, stop);
    }

    private static async Task WriteFileAsync(string path, long size, CancellationToken stop)
    {
        await using FileStream file = File.Create(path);
        var random = new Random(1);
        var buffer = new byte[1024 * 1024];
        for (long left = size; left > 0; left -= buffer.Length)
        {
            random.NextBytes(buffer);
            await file.WriteAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), stop);
        }
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        long start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
