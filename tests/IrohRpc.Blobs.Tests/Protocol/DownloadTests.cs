using System.Buffers.Binary;
using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Transports;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>Downloads from one provider and from several, honest and otherwise.</summary>
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
        BlobDownloadProgress last = await LastAsync(downloader.DownloadAsync(new BlobTicket(address, root, BlobFormat.HashSequence), Cancellation));
        Assert.Equal((total, total, total), (last.BytesTotal, last.BytesPresent, last.BytesReceived));
        Assert.Equal((32, 32), (last.BlobsComplete, last.BlobsTotal));
        Assert.Equal(30, (await BlobCollection.LoadAsync(store, root, Cancellation)).Count);
        last = await LastAsync(downloader.DownloadAsync(root, BlobFormat.HashSequence, [], Cancellation));
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
            () => LastAsync(downloader.DownloadAsync(new BlobTicket(cut, hash), Cancellation)));
        Assert.Equal(BlobErrorKind.NoProvider, failure.Kind);
        Assert.Contains(cut.Id.ToShortString(), failure.Message, StringComparison.Ordinal);
        long before = (long)store.Find(hash)!.Present.Count * 1024;
        Assert.InRange(before, 2_000_000, 3_000_000);

        BlobDownloadProgress last = await LastAsync(downloader.DownloadAsync(new BlobTicket(good, hash), Cancellation));
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        Assert.Equal((data.Length, data.Length - before), (last.BytesPresent, last.BytesReceived));
    }

    [Fact]
    public async Task Several_providers_share_the_work()
    {
        byte[] data = TestData.Random(20_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using var peers = new Peers();
        var served = new System.Collections.Concurrent.ConcurrentDictionary<int, int>();
        var addresses = new List<EndpointAddress>();
        for (int i = 0; i < 3; i++)
        {
            int number = i;
            addresses.Add(await peers.ServeAsync(source, options =>
            {
                options.OnEvent = happened => served.AddOrUpdate(number, 0, (_, count) => count + (happened is BlobProviderEvent.Completed ? 1 : 0));
                options.MaxBytesPerSecondPerConnection = 10_000_000;
            }));
        }

        await using var store = BlobStore.InMemory();
        BlobDownloadProgress last = await LastAsync(
            new BlobDownloader(await peers.BindAsync(), store).DownloadAsync(hash, BlobFormat.Raw, addresses, Cancellation));
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        Assert.Empty(last.Dropped);
        Assert.All(Enumerable.Range(0, 3), number => Assert.True(served[number] > 0));
    }

    [Theory]
    [InlineData("size")]
    [InlineData("chunk")]
    [InlineData("parent")]
    [InlineData("nothing")]
    [InlineData("reset")]
    [InlineData("garbage")]
    public async Task A_provider_that_lies_is_dropped_and_named_and_the_others_deliver(string lie)
    {
        byte[] data = TestData.Random(3_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using var peers = new Peers();
        var lying = new TaskCompletionSource();
        EndpointAddress liar = await peers.ServeAsync(Lying(source, hash, lie, lying));
        EndpointAddress honest = await peers.ServeAsync(source, options => options.Authorize = async (_, cancellation) =>
        {
            // The liar gets its chance.
            await lying.Task.WaitAsync(cancellation);
            return true;
        });
        await using var store = BlobStore.InMemory();

        BlobDownloadProgress last = await LastAsync(
            new BlobDownloader(await peers.BindAsync(), store).DownloadAsync(hash, BlobFormat.Raw, [liar, honest], Cancellation));

        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        BlobProviderDrop drop = Assert.Single(last.Dropped);
        Assert.Equal(liar.Id, drop.Provider);
        var reason = Assert.IsType<BlobException>(drop.Reason);
        BlobErrorKind[] expected = lie switch
        {
            "size" or "chunk" or "parent" => [BlobErrorKind.Mismatch],
            "nothing" => [BlobErrorKind.NotFound],
            "reset" => [BlobErrorKind.ProviderFailed],
            _ => [BlobErrorKind.Mismatch, BlobErrorKind.LimitReached],
        };
        Assert.Contains(reason.Kind, expected);
    }

    [Fact]
    public async Task A_provider_that_stalls_is_dropped_after_the_timeout()
    {
        byte[] data = TestData.Random(3_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using var peers = new Peers();
        var reached = new TaskCompletionSource();
        EndpointAddress stalling = await peers.ServeAsync(async (connection, cancellation) =>
        {
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
            reached.SetResult();
            await connection.Closed;
        });
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var store = BlobStore.InMemory();
        var downloader = new BlobDownloader(await peers.BindAsync(), store, new BlobDownloadOptions { TimeProvider = time });
        Task<BlobDownloadProgress> download = LastAsync(downloader.DownloadAsync(new BlobTicket(stalling, hash), Cancellation));
        await reached.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(10));
        BlobException failure = await Assert.ThrowsAsync<BlobException>(() => download);
        Assert.Equal(BlobErrorKind.TooSlow, Assert.IsType<BlobException>(failure.InnerException).Kind);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_dropped_and_named()
    {
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(TestData.Random(1_000_000), Cancellation);
        EndpointAddress good = await peers.ServeAsync(source);
        PeerEndpoint gone = await peers.BindAsync();
        EndpointAddress absent = gone.Address;
        await gone.DisposeAsync();
        await using var store = BlobStore.InMemory();
        BlobDownloadProgress last = await LastAsync(
            new BlobDownloader(await peers.BindAsync(), store).DownloadAsync(hash, BlobFormat.Raw, [absent, good], Cancellation));
        Assert.True(store.IsComplete(hash));
        Assert.Equal(absent.Id, Assert.Single(last.Dropped).Provider);
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
        await LastAsync(new BlobDownloader(await peers.BindAsync(), store).DownloadAsync(root, BlobFormat.HashSequence, [address], Cancellation));
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
        BlobConnection liar = await peers.ConnectAsync(await peers.ServeAsync(Lying(source, hash, "chunk", new TaskCompletionSource(), proofsAreHonest: true)));
        await using var store = BlobStore.InMemory();
        await using RemoteBlobStream stream = await RemoteBlobStream.OpenAsync(liar, store, hash, 0, Cancellation);
        BlobException failure = await Assert.ThrowsAsync<BlobException>(async () => await stream.ReadExactlyAsync(new byte[10], Cancellation));
        Assert.Equal(BlobErrorKind.Mismatch, failure.Kind);
    }

    private static async Task<BlobDownloadProgress> LastAsync(IAsyncEnumerable<BlobDownloadProgress> progress)
    {
        BlobDownloadProgress? last = null;
        await foreach (BlobDownloadProgress next in progress)
        {
            last = next;
        }

        return last!;
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

    private static Func<PeerConnection, CancellationToken, ValueTask> Lying(
        BlobStore source, BlobHash hash, string lie, TaskCompletionSource lied, bool proofsAreHonest = false) => async (connection, cancellation) =>
    {
        try
        {
            while (true)
            {
                await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
                var request = new MemoryStream();
                await stream.CopyToAsync(request, cancellation);
                Assert.True(Blobs.Protocol.BlobRequest.TryDecode(
                    BlobRequestKind.Get, request.ToArray().AsSpan(1), out Blobs.Protocol.BlobRequest? decoded, out _));
                ChunkRanges ranges = decoded.Ranges.Selected().First().Ranges;
                byte[] answer = await Encoded.EncodeAsync(source, hash, ranges);
                if (!(proofsAreHonest && ranges.Equals(ChunkRanges.LastChunk)))
                {
                    switch (lie)
                    {
                        case "size":
                            BinaryPrimitives.WriteInt64LittleEndian(answer, source.Find(hash)!.Size + 1024 * 1024);
                            answer = [.. answer, .. new byte[100_000]];
                            break;
                        case "chunk":
                            answer[^5] ^= 1;
                            break;
                        case "parent":
                            answer[8 + 70] ^= 1;
                            break;
                        case "nothing":
                            answer = [];
                            break;
                        case "reset":
                            answer = [];
                            stream.AbortWrite(77);
                            break;
                        case "garbage":
                            answer = TestData.Random(100_000);
                            break;
                    }

                    lied.TrySetResult();
                }

                try
                {
                    await stream.WriteAsync(answer, completeWrites: true, cancellation);
                }
                catch (PeerException)
                {
                    // The getter has heard enough.
                }
            }
        }
        catch (PeerException)
        {
            // The connection ended.
        }
    };
}
