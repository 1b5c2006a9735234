using System.Buffers.Binary;
using System.Text.Json.Nodes;
using IrohRpc.Blobs;

namespace IrohRpc.Iroh035;

/// <summary>Blobs between real iroh 0.35.0 and ours, in both directions.</summary>
internal sealed class BlobCases(string installation, string folder)
{
    private static readonly int[] Sizes = [0, 1, 1024, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 200_000, 100_000_000];

    public async Task RunAsync(CaseTable table)
    {
        await using RealPeer real = await RealPeer.StartAsync(installation);
        await using OurPeer our = await OurPeer.StartAsync();
        await real.KnowAsync(our.Address);
        foreach (int size in Sizes)
        {
            byte[] data = Data(size, seed: size);
            await table.RunAsync($"blob of {size} bytes", "real → ours", async () =>
            {
                BlobHash hash = await AddAsync(real, data);
                await DownloadAsync(our, hash, BlobFormat.Raw, real.Address);
                Require(Same(data, await our.Store.ReadAsync(hash, int.MaxValue)), "the data differ");
                our.Store.Remove(hash);
            });
            await table.RunAsync($"blob of {size} bytes", "ours → real", async () =>
            {
                byte[] other = Data(size, seed: size + 1);
                BlobHash hash = await our.Store.ImportAsync(other);
                await DownloadAsync(real, hash, "Raw", our.Address);
                Require(Same(other, await ReadAsync(real, hash)), "the data differ");
                our.Store.Remove(hash);
            });
        }

        await table.RunAsync("size proof and ranges", "real → ours", async () =>
        {
            byte[] data = Data(3_000_000, 5);
            BlobHash hash = await AddAsync(real, data);
            await using PeerConnection connection = await our.Endpoint.DialAsync(real.Address, BlobProtocol.Alpn);
            var blobs = new BlobConnection(connection);
            Require(await blobs.GetSizeAsync(hash) == data.Length, "the size differs");
            ChunkRanges ranges = ChunkRanges.Of(160, 320).Union(ChunkRanges.Of(1600, 1616));
            await blobs.GetAsync(our.Store, hash, ranges);
            Require(our.Store.Find(hash)!.Present.Equals(ranges), $"present: {our.Store.Find(hash)!.Present}");
            await using RemoteBlobStream stream = await RemoteBlobStream.OpenAsync(blobs, our.Store, hash, 0);
            stream.Seek(2_000_001, SeekOrigin.Begin);
            var part = new byte[100_000];
            await stream.ReadExactlyAsync(part);
            Require(part.AsSpan().SequenceEqual(data.AsSpan(2_000_001, part.Length)), "the data differ");
        });
        await table.RunAsync("collection", "real → ours", async () =>
        {
            BlobHash one = await AddAsync(real, Data(50_000, 6));
            BlobHash two = await AddAsync(real, Data(3, 7));
            JsonObject made = await real.AskAsync("addCollection", new JsonObject
            {
                ["items"] = new JsonArray(Item("a/one", one), Item("two", two)),
            });
            var root = BlobHash.Parse((string)made["hash"]!);
            await DownloadAsync(our, root, BlobFormat.HashSequence, real.Address);
            BlobCollection collection = await BlobCollection.LoadAsync(our.Store, root);
            Require(collection.Entries.SequenceEqual([new("a/one", one), new("two", two)]), "the entries differ");
            Require(our.Store.IsComplete(one) && our.Store.IsComplete(two), "a child is missing");
        });
        await table.RunAsync("collection", "ours → real", async () =>
        {
            BlobHash one = await our.Store.ImportAsync(Data(60_000, 8));
            BlobHash two = await our.Store.ImportAsync(Data(4, 9));
            BlobHash root = await new BlobCollection([new("x", one), new("y/z", two)]).StoreAsync(our.Store);
            await DownloadAsync(real, root, "HashSeq", our.Address);
            JsonObject found = await real.AskAsync("names", new JsonObject { ["hash"] = root.ToString() });
            Require(found["names"]!.AsArray().Select(static name => (string)name!).SequenceEqual(["x", "y/z"]), "the names differ");
            Require(Same(Data(60_000, 8), await ReadAsync(real, one)), "the data differ");
        });
        await table.RunAsync("resume after an abort", "real → ours", async () =>
        {
            byte[] data = Data(30_000_000, 10);
            BlobHash hash = await AddAsync(real, data);
            var downloader = new BlobDownloader(our.Endpoint, our.Store);
            await foreach (BlobDownloadProgress progress in downloader.DownloadAsync(hash, BlobFormat.Raw, [real.Address]))
            {
                if (progress.BytesPresent > 5_000_000)
                {
                    break;
                }
            }

            Require(our.Store.Find(hash) is { IsComplete: false }, "it was complete already");
            BlobDownloadProgress last = await DownloadAsync(our, hash, BlobFormat.Raw, real.Address);
            Require(last.BytesReceived < data.Length - 4_000_000, $"{last.BytesReceived} bytes came again");
            Require(Same(data, await our.Store.ReadAsync(hash)), "the data differ");
        });
        await table.RunAsync("a hash that nobody has", "real → ours", async () =>
        {
            await using PeerConnection connection = await our.Endpoint.DialAsync(real.Address, BlobProtocol.Alpn);
            try
            {
                await new BlobConnection(connection).GetAsync(our.Store, BlobHash.Of([1, 2, 3, 4]));
                throw new InvalidOperationException("it came");
            }
            catch (BlobException failure) when (failure.Kind == BlobErrorKind.NotFound)
            {
            }
        });
        await table.RunAsync("a hash that nobody has", "ours → real", () => RequireRefusedAsync(real, BlobHash.Of([1, 2, 3, 4]), our.Address));
        await table.RunAsync("ticket", "real → ours", async () =>
        {
            BlobHash hash = BlobHash.Of([5]);
            JsonObject answer = await real.AskAsync("ticket", new JsonObject { ["hash"] = hash.ToString(), ["format"] = "HashSeq" });
            string text = (string)answer["ticket"]!;
            Require(new BlobTicket(real.Address, hash, BlobFormat.HashSequence).ToString() == text, "ours differs");
            Require(BlobTicket.Parse(text).Provider.Id == real.Address.Id, "it reads differently");
        });
        foreach (string lie in (string[])["size", "chunk", "parent"])
        {
            await table.RunAsync($"a lie about the {lie}", "ours → real", async () =>
            {
                byte[] data = Data(500_000, 11);
                BlobHash hash = BlobHash.Of(data);
                await using OurPeer liar = await OurPeer.StartAsync((connection, cancellation) => LieAsync(connection, data, lie, cancellation));
                await RequireRefusedAsync(real, hash, liar.Address);
            });
        }
    }

    private static async ValueTask LieAsync(PeerConnection connection, byte[] data, string lie, CancellationToken cancellation)
    {
        byte[] answer = await WireForm.EncodeAsync(data);
        switch (lie)
        {
            case "size":
                BinaryPrimitives.WriteInt64LittleEndian(answer, data.Length + (1024 * 1024));
                break;
            case "chunk":
                answer[^5] ^= 1;
                break;
            default:
                answer[8 + 70] ^= 1;
                break;
        }

        try
        {
            while (true)
            {
                await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
                await stream.CopyToAsync(Stream.Null, cancellation);
                await stream.WriteAsync(answer, completeWrites: true, cancellation);
            }
        }
        catch (PeerException)
        {
            // It has heard enough.
        }
    }

    private static async Task RequireRefusedAsync(RealPeer real, BlobHash hash, EndpointAddress provider)
    {
        try
        {
            await DownloadAsync(real, hash, "Raw", provider);
        }
        catch (RealPeerException)
        {
            return;
        }

        throw new InvalidOperationException("it was taken");
    }

    private async Task<BlobHash> AddAsync(RealPeer real, byte[] data)
    {
        string path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        await File.WriteAllBytesAsync(path, data);
        JsonObject answer = await real.AskAsync("addFile", new JsonObject { ["path"] = path });
        File.Delete(path);
        return BlobHash.Parse((string)answer["hash"]!);
    }

    private async Task<byte[]> ReadAsync(RealPeer real, BlobHash hash)
    {
        string path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        await real.AskAsync("write", new JsonObject { ["hash"] = hash.ToString(), ["path"] = path });
        byte[] data = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        return data;
    }

    private static async Task<BlobDownloadProgress> DownloadAsync(OurPeer our, BlobHash hash, BlobFormat format, EndpointAddress provider)
    {
        BlobDownloadProgress? last = null;
        await foreach (BlobDownloadProgress next in new BlobDownloader(our.Endpoint, our.Store).DownloadAsync(hash, format, [provider]))
        {
            last = next;
        }

        return last!;
    }

    private static Task<JsonObject> DownloadAsync(RealPeer real, BlobHash hash, string format, EndpointAddress provider)
    {
        JsonObject arguments = RealPeer.Describe(provider);
        arguments["hash"] = hash.ToString();
        arguments["format"] = format;
        return real.AskAsync("download", arguments);
    }

    private static JsonObject Item(string name, BlobHash hash) => new() { ["name"] = name, ["hash"] = hash.ToString() };

    private static byte[] Data(int size, int seed)
    {
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        return data;
    }

    private static bool Same(byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right);

    private static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new InvalidOperationException(problem);
        }
    }
}
