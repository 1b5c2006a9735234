using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Tests.Store;

/// <summary>What every store keeps to, wherever it keeps its bytes.</summary>
public abstract class BlobStoreTests : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract ValueTask<BlobStore> OpenAsync();

    [Fact]
    public async Task What_was_imported_is_there_and_reads_back()
    {
        await using BlobStore store = await OpenAsync();
        foreach (int size in TestData.Sizes)
        {
            byte[] data = TestData.Random(size);
            BlobHash hash = await store.ImportAsync(data, Cancellation);
            Assert.Equal(hash, await store.ImportAsync(new MemoryStream(data), Cancellation));
            Assert.Equal(hash, await store.ImportFileAsync(Folder.Write($"in/{size}", data), cancellationToken: Cancellation));
            BlobInfo info = store.Find(hash)!;
            Assert.Equal((BlobHash.Of(data), size, true, true), (info.Hash, info.Size, info.IsComplete, info.IsSizeVerified));
            Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
            Assert.True(await store.VerifyAsync(hash, Cancellation));
        }

        Assert.Equal(TestData.Sizes.Length, store.List().Count);
    }

    [Fact]
    public async Task Nothing_is_visible_that_was_not_verified_and_every_verified_part_is()
    {
        byte[] data = TestData.Random(1_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using BlobStore store = await OpenAsync();
        Assert.Null(store.Find(hash));

        ChunkRanges first = ChunkRanges.Of(64, 128);
        await FetchAsync(source, store, hash, data.Length, first);

        BlobInfo info = store.Find(hash)!;
        Assert.False(info.IsComplete);
        Assert.False(info.IsSizeVerified);
        Assert.Equal(first, info.Present);
        Assert.Equal(BlobErrorKind.Incomplete, (await Assert.ThrowsAsync<BlobException>(async () => await store.ReadAsync(hash, cancellationToken: Cancellation))).Kind);
        Assert.Equal(await Encoded.EncodeAsync(source, hash, first), await Encoded.EncodeAsync(store, hash, first));
        Assert.Equal(
            BlobErrorKind.Incomplete,
            (await Assert.ThrowsAsync<BlobException>(() => Encoded.EncodeAsync(store, hash, ChunkRanges.All))).Kind);

        await FetchAsync(source, store, hash, data.Length, ChunkRanges.All.Except(first));
        Assert.True(store.IsComplete(hash));
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_size_that_somebody_claimed_gives_way_to_the_proven_one()
    {
        byte[] data = TestData.Random(100_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using BlobStore store = await OpenAsync();
        store.BeginWrite(hash, 5_000_000, isProven: false).Dispose();
        Assert.Equal(5_000_000, store.Find(hash)!.Size);
        await FetchAsync(source, store, hash, data.Length - 1, ChunkRanges.Of(0, 16));
        Assert.Equal((99_999, false), (store.Find(hash)!.Size, store.Find(hash)!.IsSizeVerified));
        Assert.Throws<BlobException>(() => store.BeginWrite(hash, data.Length, isProven: false));

        store.BeginWrite(hash, data.Length, isProven: true).Dispose();
        Assert.Equal(data.Length, store.Find(hash)!.Size);
        await FetchAsync(source, store, hash, data.Length, ChunkRanges.All);
        Assert.Throws<BlobException>(() => store.BeginWrite(hash, data.Length - 1, isProven: true));
    }

    [Fact]
    public async Task A_watch_sees_a_blob_come_grow_and_become_complete()
    {
        byte[] data = TestData.Random(700_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using BlobStore store = await OpenAsync();
        await using IAsyncEnumerator<BlobInfo?> watch = store.WatchAsync(hash, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await watch.MoveNextAsync());
        Assert.Null(watch.Current);

        await FetchAsync(source, store, hash, data.Length, ChunkRanges.Of(0, 256));
        do
        {
            Assert.True(await watch.MoveNextAsync());
        }
        while (watch.Current!.Present.IsEmpty);
        Assert.False(watch.Current!.IsComplete);

        await FetchAsync(source, store, hash, data.Length, ChunkRanges.All);
        while (!watch.Current!.IsComplete)
        {
            Assert.True(await watch.MoveNextAsync());
        }
    }

    [Fact]
    public async Task Tags_and_pins_keep_what_they_name_and_the_children_of_collections()
    {
        await using BlobStore store = await OpenAsync();
        BlobHash tagged = await store.ImportAsync(TestData.Random(50_000, 1), Cancellation);
        BlobHash pinned = await store.ImportAsync(TestData.Random(50_000, 2), Cancellation);
        BlobHash child = await store.ImportAsync(TestData.Random(50_000, 3), Cancellation);
        BlobHash loose = await store.ImportAsync(TestData.Random(50_000, 4), Cancellation);
        BlobHash small = await store.ImportAsync(TestData.Random(50, 5), Cancellation);
        BlobHash collection = await new BlobCollection([new("child", child)]).StoreAsync(store, Cancellation);
        store.SetTag("one", tagged);
        store.SetTag("all", collection, BlobFormat.HashSequence);
        IDisposable pin = store.Pin(pinned);

        Assert.Equal(new[] { loose, small }.Order(), (await store.CollectGarbageAsync(Cancellation)).Order());
        Assert.Equal(5, store.List().Count);

        pin.Dispose();
        pin.Dispose();
        Assert.True(store.RemoveTag("all"));
        Assert.False(store.RemoveTag("all"));
        Assert.Equal(4, (await store.CollectGarbageAsync(Cancellation)).Count);
        Assert.Equal([tagged], store.List().Select(static info => info.Hash));
        Assert.Equal(loose, await store.ImportAsync(TestData.Random(50_000, 4), Cancellation));
        Assert.True(await store.VerifyAsync(loose, Cancellation));
    }

    [Theory]
    [InlineData(BlobExportMode.Copy)]
    [InlineData(BlobExportMode.HardLink)]
    [InlineData(BlobExportMode.Reference)]
    public async Task Exports_hold_the_data_and_overwrite_only_when_told(BlobExportMode mode)
    {
        await using BlobStore store = await OpenAsync();
        foreach (int size in (int[])[0, 100, 500_000])
        {
            byte[] data = TestData.Random(size);
            BlobHash hash = await store.ImportAsync(data, Cancellation);
            string path = Folder[$"out/{mode}/{size}"];
            await store.ExportAsync(hash, path, mode, cancellationToken: Cancellation);
            Assert.Equal(data, await File.ReadAllBytesAsync(path, Cancellation));
            await Assert.ThrowsAsync<IOException>(async () => await store.ExportAsync(hash, path, mode, cancellationToken: Cancellation));
            await store.ExportAsync(hash, path, BlobExportMode.Copy, overwrite: true, Cancellation);
            Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!, $"{size}*"));
        }
    }

    [Fact]
    public async Task A_referenced_file_that_changes_is_found_out_and_not_served()
    {
        await using BlobStore store = await OpenAsync();
        byte[] data = TestData.Random(700_000);
        string path = Folder.Write("mine", data);
        BlobHash hash = await store.ImportFileAsync(path, BlobImportMode.Reference, cancellationToken: Cancellation);
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        var damages = new List<BlobDamage>();
        store.Damaged += damages.Add;

        data[600_000] ^= 1;
        await File.WriteAllBytesAsync(path, data, Cancellation);

        var failure = await Assert.ThrowsAsync<BlobException>(async () => await store.ReadAsync(hash, cancellationToken: Cancellation));
        Assert.Equal(BlobErrorKind.Damaged, failure.Kind);
        BlobDamage damage = Assert.Single(damages);
        Assert.Equal((hash, path), (damage.Hash, damage.Path));
        Assert.Null(store.Find(hash));
        Assert.Equal(data, await File.ReadAllBytesAsync(path, Cancellation));
    }

    [Fact]
    public async Task A_removed_blob_is_gone_and_may_come_back()
    {
        await using BlobStore store = await OpenAsync();
        byte[] data = TestData.Random(300_000);
        BlobHash hash = await store.ImportAsync(data, Cancellation);
        Assert.True(store.Remove(hash));
        Assert.False(store.Remove(hash));
        Assert.Null(store.Find(hash));
        await store.ImportAsync(data, Cancellation);
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_folder_becomes_a_collection_with_iroh_names()
    {
        await using BlobStore store = await OpenAsync();
        Folder.Write("album/a.bin", TestData.Random(40_000, 1));
        Folder.Write("album/sub/b", TestData.Random(10, 2));
        (BlobHash hash, BlobCollection collection) = await store.ImportFolderAsync(Folder["album"], BlobImportMode.Reference, cancellationToken: Cancellation);
        Assert.Equal(["album/a.bin", "album/sub/b"], collection.Select(static entry => entry.Name));
        BlobCollection read = await BlobCollection.LoadAsync(store, hash, Cancellation);
        Assert.Equal(collection.Entries, read.Entries);

        (BlobHash one, _) = await store.ImportFolderAsync(Folder["album/a.bin"], cancellationToken: Cancellation);
        Assert.Equal("a.bin", Assert.Single(await BlobCollection.LoadAsync(store, one, Cancellation)).Name);
    }

    [Fact]
    public async Task The_files_of_a_folder_stand_in_the_order_of_the_bytes_of_their_names()
    {
        await using BlobStore store = await OpenAsync();
        string[] names = ["f/A", "f/a-b/x", "f/a.txt", "f/a/x", "f/\uE000", "f/\U0001F600"];
        foreach (string name in names.Reverse())
        {
            Folder.Write(name, [1]);
        }

        (_, BlobCollection collection) = await store.ImportFolderAsync(Folder["f"], cancellationToken: Cancellation);
        Assert.Equal(names, collection.Select(static entry => entry.Name));
    }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static async Task FetchAsync(BlobStore source, BlobStore store, BlobHash hash, long size, ChunkRanges ranges)
    {
        byte[] encoded = await Encoded.EncodeAsync(source, hash, ranges);
        BitConverter.TryWriteBytes(encoded, size);
        using BlobWriter writer = store.BeginWrite(hash, size, isProven: false);
        await Encoded.DecodeAsync(encoded, hash, ranges, writer);
    }
}
