using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>Several providers of one download, and what becomes of those that lie, stall, trickle or are not there.</summary>
public sealed class ProvidersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_providers_share_the_work()
    {
        byte[] data = TestData.Random(20_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        await using var peers = new Peers();
        var addresses = new List<EndpointAddress>();
        int asked = 0;
        var allAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (int i = 0; i < 3; i++)
        {
            bool isFirst = true;
            addresses.Add(await peers.ServeAsync(source, options =>
            {
                options.Authorize = async (_, _) =>
                {
                    // Nobody begins before everybody was asked, however fast one of them is.
                    if (isFirst)
                    {
                        isFirst = false;
                        if (Interlocked.Increment(ref asked) == 3)
                        {
                            allAsked.SetResult();
                        }
                    }

                    await allAsked.Task.WaitAsync(Cancellation);
                    return true;
                };
            }));
        }

        await using var store = BlobStore.InMemory();

        // Sizes would be asked for first, and from one only.
        store.ProveSize(hash, data.Length);
        BlobDownloadProgress last = await Downloads.LastAsync(
            new BlobDownloader(await peers.BindAsync(), store, new() { TimeProvider = new FakeTimeProvider() })
                .DownloadAsync(hash, BlobFormat.Raw, addresses, Cancellation));
        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        Assert.Empty(last.Dropped);
        Assert.Equal(3, asked);
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
        var lying = new LyingProvider(source, hash, lie);
        EndpointAddress liar = await peers.ServeAsync(lying);
        EndpointAddress honest = await peers.ServeAsync(source, options => options.Authorize = async (_, _) =>
        {
            // The liar is heard first: what the honest one was asked for is taken over by it.
            await lying.Dropped.WaitAsync(Cancellation);
            return true;
        });
        await using var store = BlobStore.InMemory();
        var patient = new BlobDownloadOptions { TakeOverAfter = TimeSpan.Zero, StallTimeout = TimeSpan.FromHours(1) };

        BlobDownloadProgress last = await Downloads.LastAsync(
            new BlobDownloader(await peers.BindAsync(), store, patient).DownloadAsync(hash, BlobFormat.Raw, [liar, honest], Cancellation));

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
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EndpointAddress stalling = await peers.ServeAsync(async (connection, cancellation) =>
        {
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
            reached.SetResult();
            await connection.Closed;
        });
        var time = new FakeTimeProvider();
        await using var store = BlobStore.InMemory();
        var downloader = new BlobDownloader(await peers.BindAsync(), store, new BlobDownloadOptions { TimeProvider = time });
        Task<BlobDownloadProgress> download = Downloads.LastAsync(downloader.DownloadAsync(new BlobTicket(stalling, hash), Cancellation));
        await reached.Task.WaitAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(10));
        BlobException failure = await Assert.ThrowsAsync<BlobException>(() => download);
        Assert.Equal(BlobErrorKind.TooSlow, Assert.IsType<BlobException>(failure.InnerException).Kind);
        Assert.Contains("sent nothing for 10 seconds", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_that_sends_a_byte_a_second_is_dropped_and_named_and_another_delivers()
    {
        byte[] data = TestData.Random(3_000_000);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        byte[] answer = await Encoded.EncodeAsync(source, hash, ChunkRanges.All);
        await using var peers = new Peers();
        var time = new FakeTimeProvider();
        var dropped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        EndpointAddress trickling = await peers.ServeAsync(async (connection, cancellation) =>
        {
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
            for (int second = 0; second < 10; second++)
            {
                await stream.WriteAsync(answer.AsMemory(second, 1), cancellation);
                time.Advance(TimeSpan.FromSeconds(1));
            }

            await connection.Closed;
            dropped.TrySetResult();
        });
        EndpointAddress good = await peers.ServeAsync(source, options => options.Authorize = async (_, _) =>
        {
            await dropped.Task.WaitAsync(Cancellation);
            return true;
        });
        await using var store = BlobStore.InMemory();

        // One after the other, since the second would be given up for slow while it waits by the same clock.
        var options = new BlobDownloadOptions { TimeProvider = time, MaxProviders = 1 };
        BlobDownloadProgress last = await Downloads.LastAsync(
            new BlobDownloader(await peers.BindAsync(), store, options).DownloadAsync(hash, BlobFormat.Raw, [trickling, good], Cancellation));

        Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        BlobProviderDrop drop = Assert.Single(last.Dropped);
        Assert.Equal(trickling.Id, drop.Provider);
        Assert.Equal(BlobErrorKind.TooSlow, Assert.IsType<BlobException>(drop.Reason).Kind);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_dropped_and_named()
    {
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(TestData.Random(1_000_000), Cancellation);
        EndpointAddress good = await peers.ServeAsync(source);
        EndpointAddress absent = await AbsentAsync(peers);
        await using var store = BlobStore.InMemory();

        // One at a time: who is still being dialled when the others have brought everything is not waited for, nor named.
        BlobDownloadProgress last = await Downloads.LastAsync(
            new BlobDownloader(await peers.BindAsync(), store, new() { MaxProviders = 1 })
                .DownloadAsync(hash, BlobFormat.Raw, [absent, good], Cancellation));
        Assert.True(store.IsComplete(hash));
        Assert.Equal(absent.Id, Assert.Single(last.Dropped).Provider);
    }

    [Fact]
    public async Task A_provider_that_never_answers_the_dial_holds_nobody_up()
    {
        await using var peers = new Peers(onSockets: true);
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(TestData.Random(1_000_000), Cancellation);
        EndpointAddress good = await peers.ServeAsync(source);

        // Bound and never read: what is sent there is lost without a word.
        using var deaf = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, 0);
        deaf.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        using SecretKey key = SecretKey.Generate();
        var silent = new EndpointAddress(key.Id, TransportAddress.Ip((System.Net.IPEndPoint)deaf.LocalEndPoint!));
        await using var store = BlobStore.InMemory();
        PeerEndpoint endpoint = await peers.BindAsync(options =>
        {
            options.Transports = [new QuicTransport()];
            options.DialTimeout = TimeSpan.FromHours(1);
        });

        BlobDownloadProgress last = await Downloads.LastAsync(
            new BlobDownloader(endpoint, store).DownloadAsync(hash, BlobFormat.Raw, [silent, good], Cancellation));

        Assert.True(store.IsComplete(hash));
        Assert.Empty(last.Dropped);
    }

    private static async Task<EndpointAddress> AbsentAsync(Peers peers)
    {
        PeerEndpoint gone = await peers.BindAsync();
        EndpointAddress absent = gone.Address;
        await gone.DisposeAsync();
        return absent;
    }
}
