using IrohRpc.Blobs;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>One who downloads blobs, into a new store on disk each time.</summary>
internal sealed class BlobSession(PeerEndpoint client, EndpointAddress server, string rawAlpn, BlobStore source, DirectoryInfo folder) : Session, IBlobs
{
    private readonly Dictionary<long, BlobHash> _large = [];
    private readonly byte[] _buffer = new byte[256 * 1024];
    private BlobHash? _many;
    private BlobStore? _into;
    private string _intoPath = "";
    private int _stores;

    public async Task PrepareAsync(long length)
    {
        if (length > 0 && !_large.ContainsKey(length))
        {
            string file = Path.Combine(folder.FullName, $"large{length}");
            await WriteFileAsync(file, length);
            _large[length] = await source.ImportFileAsync(file, BlobImportMode.Reference);
        }

        _many ??= await MakeManyAsync();
        await CloseStoreAsync();
        _intoPath = Path.Combine(folder.FullName, $"into{_stores++}");
        _into = await BlobStore.OpenAsync(_intoPath);
    }

    public void WritePlain(long length)
    {
        using var file = new ScratchFile(folder);
        for (long at = 0; at < length; at += _buffer.Length)
        {
            file.Write(at, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, length - at)));
        }
    }

    public async Task ReadRawAsync(long length, bool toDisk = false)
    {
        using ScratchFile? file = toDisk ? new ScratchFile(folder) : null;
        await using PeerConnection connection = await client.DialAsync(server, rawAlpn);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync();
        await stream.WriteAsync(BitConverter.GetBytes(length), completeWrites: true);
        long total = 0;
        int read;
        while ((read = await stream.ReadAsync(_buffer)) > 0)
        {
            file?.Write(total, _buffer.AsSpan(0, read));
            total += read;
        }

        Check(total == length);
    }

    public Task DownloadLargeAsync(long length) => DownloadAsync(_large[length], BlobFormat.Raw);

    public Task DownloadManyAsync() => DownloadAsync(_many!.Value, BlobFormat.HashSequence);

    public override async ValueTask DisposeAsync() => await CloseStoreAsync();

    private async Task DownloadAsync(BlobHash hash, BlobFormat format)
    {
        await foreach (BlobDownloadProgress _ in new BlobDownloader(client, _into!).DownloadAsync(hash, format, [server], CancellationToken.None))
        {
        }
    }

    private async Task CloseStoreAsync()
    {
        if (_into is not null)
        {
            await _into.DisposeAsync();
            Directory.Delete(_intoPath, recursive: true);
            _into = null;
        }
    }

    private async Task<BlobHash> MakeManyAsync()
    {
        var entries = new List<BlobCollectionEntry>();
        var data = new byte[1000];
        for (int i = 0; i < IBlobs.Many; i++)
        {
            BitConverter.TryWriteBytes(data, i);
            entries.Add(new($"blob {i}", await source.ImportAsync(data)));
        }

        return await new BlobCollection(entries).StoreAsync(source);
    }

    private static async Task WriteFileAsync(string path, long length)
    {
        await using FileStream file = File.Create(path);
        var random = new Random(1);
        var piece = new byte[1024 * 1024];
        for (long left = length; left > 0; left -= piece.Length)
        {
            random.NextBytes(piece);
            await file.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
        }
    }
}
