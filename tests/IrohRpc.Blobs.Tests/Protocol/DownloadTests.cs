using IrohRpc.Blobs.Tests.Support;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>Downloads of blobs and collections, and streams over them. Who provides them badly: <see cref="ProvidersTests"/>.</summary>
public sealed class DownloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collection_is_downloaded_with_progress_up_to_its_total()
    {
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        (BlobHash root, long total) = await CollectionAsync(source, 30, 40_000);
        EndpointAddress address = await peers.ServeAsync(source);
        await using var store = BlobStore.InMemory();
        var downloader = new BlobDownloader(await peers.BindAsync(), store);
        BlobDownloadProgress last = await Downloads.LastAsync(downloader.DownloadAsync(new BlobTicket(address, root, BlobFormat.HashSequence), Cancellation));
        Assert.Equal((total, total, total), (last.BytesTotal, last.BytesPresent, last.BytesReceived));
        Assert.Equal((32, 32), (last.BlobsComplete, last.BlobsTotal));
        Assert.Equal(30, (await BlobCollection.LoadAsync(store, root, Cancellation)).Count);
        last = await Downloads.LastAsync(downloader.DownloadAsync(root, BlobFormat.HashSequence, [], Cancellation));
        Assert.Equal((total, 0), (last.BytesPresent, last.BytesReceived));
    }

    [Fact]
    public async Task A_download_that_was_cut_off_goes_on_where_it_was()
    {
        byte[] data = TestData.Random(5_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        byte[] answer = await Encoded.EncodeAsync(source, hash, ChunkRanges.All);
        await using var peers = new Peers();
        EndpointAddress cut = await peers.ServeAsync(Answering(answer[..3_000_000]));
        var asked = new List<BlobProviderEvent>();
        EndpointAddress good = await peers.ServeAsync(source, options => options.OnEvent = asked.Add);
        await using var store = BlobStore.InMemory();
        var downloader = new BlobDownloader(await peers.BindAsync(), store);
        BlobException failure = await Assert.ThrowsAsync<BlobException>(
            () => Downloads.LastAsync(downloader.DownloadAsync(new BlobTicket(cut, hash), Cancellation)));
        Assert.Equal(BlobErrorKind.NoProvider, failure.Kind);
        Assert.Contains(cut.Id.ToShortString(), failure.Message, StringComparison.Ordinal);
        long before = (long)store.Find(hash)!.Present.Count * 1024;
        Assert.InRange(before, 2_000_000, 3_000_000);

        BlobDownloadProgress last = await Downloads.LastAsync(downloader.DownloadAsync(new BlobTicket(good, hash), Cancellation));
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        Assert.Equal((data.Length, data.Length - before), (last.BytesPresent, last.BytesReceived));
    }

    [Fact]
    public async Task Ten_thousand_small_blobs_arrive_as_one_collection_on_disk()
    {
        using var folder = new TemporaryFolder();
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        (BlobHash root, _) = await CollectionAsync(source, 10_000, 100);
        EndpointAddress address = await peers.ServeAsync(source);
        await using BlobStore store = await BlobStore.OpenAsync(folder["store"], cancellationToken: Cancellation);
        await Downloads.LastAsync(new BlobDownloader(await peers.BindAsync(), store).DownloadAsync(root, BlobFormat.HashSequence, [address], Cancellation));
        Assert.Equal(10_002, store.List().Count(static info => info.IsComplete));
    }

    [Fact]
    public async Task A_stream_over_a_remote_blob_seeks_reads_ahead_and_gives_verified_bytes()
    {
        byte[] data = TestData.Random(6_000_000);
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        BlobConnection connection = await peers.ConnectAsync(await peers.ServeAsync(source));
        await using var store = BlobStore.InMemory();
        await using (RemoteBlobStream stream = await RemoteBlobStream.OpenAsync(connection, store, hash, 300_000, Cancellation))
        {
            Assert.Equal(data.Length, stream.Length);
            var random = new Random(1);
            var buffer = new byte[100_000];
            for (int i = 0; i < 20; i++)
            {
                int at = random.Next(data.Length);
                stream.Seek(at, SeekOrigin.Begin);
                int count = Math.Min(random.Next(buffer.Length), data.Length - at);
                await stream.ReadExactlyAsync(buffer.AsMemory(0, count), Cancellation);
                Assert.True(buffer.AsSpan(0, count).SequenceEqual(data.AsSpan(at, count)));
            }

            stream.Position = 0;
            var all = new MemoryStream();
            await stream.CopyToAsync(all, Cancellation);
            Assert.Equal(data, all.ToArray());
            Assert.Equal(0, await stream.ReadAsync(buffer, Cancellation));
        }

        Assert.True(store.IsComplete(hash));
    }

    [Fact]
    public async Task A_lying_provider_gives_an_error_and_no_byte_to_a_stream()
    {
        byte[] data = TestData.Random(3_000_000);
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        BlobConnection liar = await peers.ConnectAsync(await peers.ServeAsync(new LyingProvider(source, hash, "chunk") { ProofsAreHonest = true }));
        await using var store = BlobStore.InMemory();
        await using RemoteBlobStream stream = await RemoteBlobStream.OpenAsync(liar, store, hash, 0, Cancellation);
        BlobException failure = await Assert.ThrowsAsync<BlobException>(async () => await stream.ReadExactlyAsync(new byte[10], Cancellation));
        Assert.Equal(BlobErrorKind.Mismatch, failure.Kind);
    }

    private static async Task<(BlobHash Root, long Total)> CollectionAsync(BlobStore store, int count, int size)
    {
        var entries = new List<BlobCollectionEntry>();
        for (int i = 0; i < count; i++)
        {
            entries.Add(new($"blob {i}", await store.ImportAsync(TestData.Random(size + (i % 7), i), Cancellation)));
        }

        BlobHash root = await new BlobCollection(entries).StoreAsync(store, Cancellation);
        return (root, store.List().Sum(static info => info.Size));
    }

    private static Func<PeerConnection, CancellationToken, ValueTask> Answering(byte[] answer) => async (connection, cancellation) =>
    {
        await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
        await stream.CopyToAsync(Stream.Null, cancellation);
        await stream.WriteAsync(answer, completeWrites: true, cancellation);
        await connection.Closed;
    };
}
