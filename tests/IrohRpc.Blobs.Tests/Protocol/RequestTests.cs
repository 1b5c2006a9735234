using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Tests.Protocol;

/// <summary>Single requests between a getter and a provider.</summary>
public sealed class RequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_bytes_of_a_request_and_its_answer_are_those_of_real_iroh()
    {
        var blobs = TestData.Iroh035.GetProperty("blobs");
        await using var peers = new Peers();
        await using var store = BlobStore.InMemory();
        await store.ImportAsync(TestData.Vector(), Cancellation);
        EndpointAddress address = await peers.ServeAsync(store);
        PeerEndpoint endpoint = await peers.BindAsync();
        await using PeerConnection connection = await endpoint.DialAsync(address, BlobProtocol.Alpn, Cancellation);

        byte[] full = await AskAsync(connection, blobs.GetProperty("requestFull").GetString()!);
        Assert.Equal(blobs.GetProperty("fullLen").GetInt32(), full.Length);
        Assert.StartsWith(blobs.GetProperty("fullFirst72").GetString(), Convert.ToHexStringLower(full), StringComparison.Ordinal);
        byte[] part = await AskAsync(connection, blobs.GetProperty("requestChunks3to5").GetString()!);
        Assert.Equal(blobs.GetProperty("chunks3to5").GetString(), Convert.ToHexStringLower(part));
        Assert.Empty(await AskAsync(connection, "00" + BlobHash.Of([9]) + "020001000100"));
    }

    [Fact]
    public async Task A_getter_asks_with_the_bytes_of_real_iroh()
    {
        string expected = TestData.Iroh035.GetProperty("blobs").GetProperty("requestFull").GetString()!;
        var asked = new TaskCompletionSource<string>();
        await using var peers = new Peers();
        EndpointAddress address = await peers.ServeAsync(async (connection, cancellation) =>
        {
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellation);
            var request = new MemoryStream();
            await stream.CopyToAsync(request, cancellation);
            asked.SetResult(Convert.ToHexStringLower(request.ToArray()));
            stream.CompleteWrites();
            await connection.Closed;
        });
        BlobConnection connection = await peers.ConnectAsync(address);
        await using var store = BlobStore.InMemory();
        var failure = await Assert.ThrowsAsync<BlobException>(
            async () => await connection.GetAsync(store, BlobHash.Of(TestData.Vector()), cancellationToken: Cancellation));
        Assert.Equal(BlobErrorKind.NotFound, failure.Kind);
        Assert.Equal(expected, await asked.Task);
    }

    [Fact]
    public async Task Blobs_of_every_size_arrive_over_sockets()
    {
        await using var peers = new Peers(onSockets: true);
        await using var source = BlobStore.InMemory();
        await using var store = BlobStore.InMemory();
        BlobConnection connection = await peers.ConnectAsync(await peers.ServeAsync(source));
        foreach (int size in TestData.Sizes)
        {
            byte[] data = TestData.Random(size);
            BlobHash hash = await source.ImportAsync(data, Cancellation);
            Assert.Equal(size, await connection.GetSizeAsync(hash, Cancellation));
            await connection.GetAsync(store, hash, cancellationToken: Cancellation);
            Assert.Equal(data, await store.ReadAsync(hash, cancellationToken: Cancellation));
        }
    }

    [Fact]
    public async Task A_sequence_and_many_blobs_arrive_and_what_is_there_is_not_asked_for()
    {
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        await using var store = BlobStore.InMemory();
        var events = new List<BlobProviderEvent>();
        BlobConnection connection = await peers.ConnectAsync(await peers.ServeAsync(source, options => options.OnEvent = happened =>
        {
            lock (events)
            {
                events.Add(happened);
            }
        }));
        var hashes = new List<BlobHash>();
        for (int i = 0; i < 50; i++)
        {
            hashes.Add(await source.ImportAsync(TestData.Random(i * 1_000, i), Cancellation));
        }

        BlobHash root = await source.ImportAsync(new HashSequence(hashes).Bytes, Cancellation);
        await store.ImportAsync(TestData.Random(30_000, 30), Cancellation);
        await connection.GetSequenceAsync(store, root, cancellationToken: Cancellation);
        Assert.All(hashes, hash => Assert.True(store.IsComplete(hash)));
        await connection.GetSequenceAsync(store, root, cancellationToken: Cancellation);
        lock (events)
        {
            Assert.Equal(2, events.OfType<BlobProviderEvent.Started>().Count());
            Assert.DoesNotContain(events.OfType<BlobProviderEvent.Transferred>(), happened => happened.Hash == hashes[30]);
        }

        await using var other = BlobStore.InMemory();
        await connection.GetManyAsync(other, [hashes[3], hashes[40], hashes[3], hashes[0]], Cancellation);
        Assert.Equal(new[] { hashes[3], hashes[40], hashes[0] }.Order(), other.List().Select(static info => info.Hash).Order());
    }

    [Fact]
    public async Task An_observer_sees_a_blob_come()
    {
        await using var peers = new Peers();
        await using var origin = BlobStore.InMemory();
        BlobHash hash = await origin.ImportAsync(TestData.Random(800_000), Cancellation);
        await using var middle = BlobStore.InMemory();
        BlobConnection toOrigin = await peers.ConnectAsync(await peers.ServeAsync(origin));
        BlobConnection toMiddle = await peers.ConnectAsync(await peers.ServeAsync(middle));
        await using IAsyncEnumerator<BlobAvailability> watch = toMiddle.ObserveAsync(hash, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(new BlobAvailability(0, ChunkRanges.None), watch.Current);

        await toOrigin.GetAsync(middle, hash, ChunkRanges.Of(0, 256), cancellationToken: Cancellation);
        while (!watch.Current.Chunks.Equals(ChunkRanges.Of(0, 256)))
        {
            Assert.True(await watch.MoveNextAsync());
        }

        await toOrigin.GetAsync(middle, hash, cancellationToken: Cancellation);
        while (!watch.Current.Chunks.Equals(ChunkRanges.All))
        {
            Assert.True(await watch.MoveNextAsync());
        }

        Assert.Equal(800_000, watch.Current.Size);
    }

    [Fact]
    public async Task Push_is_refused_unless_it_is_permitted()
    {
        await using var peers = new Peers();
        await using var mine = BlobStore.InMemory();
        await using var theirs = BlobStore.InMemory();
        BlobHash child = await mine.ImportAsync(TestData.Random(300_000), Cancellation);
        BlobHash root = await mine.ImportAsync(new HashSequence([child]).Bytes, Cancellation);
        BlobConnection closed = await peers.ConnectAsync(await peers.ServeAsync(theirs));
        BlobException refused = await Assert.ThrowsAsync<BlobException>(
            async () => await closed.PushAsync(mine, root, BlobFormat.HashSequence, Cancellation));
        Assert.Equal(BlobErrorKind.Forbidden, refused.Kind);
        Assert.Empty(theirs.List());

        var asked = new List<BlobAccess>();
        BlobConnection open = await peers.ConnectAsync(await peers.ServeAsync(theirs, options => options.Authorize = (access, _) =>
        {
            asked.Add(access);
            return new(access.Kind == BlobRequestKind.Push);
        }));
        await open.PushAsync(mine, root, BlobFormat.HashSequence, Cancellation);
        Assert.True(theirs.IsComplete(root) && theirs.IsComplete(child));
        Assert.Equal([(root, null), (child, (BlobHash?)root)], asked.Select(static access => (access.Hash, access.Parent)));
    }

    [Fact]
    public async Task A_rule_says_who_may_have_what_and_one_that_throws_forbids()
    {
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        BlobHash good = await source.ImportAsync(TestData.Random(10), Cancellation);
        BlobHash bad = await source.ImportAsync(TestData.Random(11), Cancellation);
        BlobHash root = await source.ImportAsync(new HashSequence([good, bad]).Bytes, Cancellation);
        BlobConnection connection = await peers.ConnectAsync(await peers.ServeAsync(source, options => options.Authorize = (access, _) =>
            access.Kind == BlobRequestKind.GetMany ? throw new InvalidOperationException() : new(access.Hash != bad)));
        await using var store = BlobStore.InMemory();
        await connection.GetAsync(store, good, cancellationToken: Cancellation);
        foreach (Func<ValueTask> get in (Func<ValueTask>[])
            [
                () => connection.GetAsync(store, bad, cancellationToken: Cancellation),
                () => connection.GetSequenceAsync(store, root, cancellationToken: Cancellation),
                () => connection.GetManyAsync(store, [root, bad], Cancellation),
            ])
        {
            Assert.Equal(BlobErrorKind.Forbidden, (await Assert.ThrowsAsync<BlobException>(async () => await get())).Kind);
        }

        Assert.False(store.IsComplete(bad));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02")]
    [InlineData("ff")]
    [InlineData("00")]
    [InlineData("0001")]
    [InlineData("09ffffffff0f")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000000001")]
    public async Task A_malformed_request_is_aborted_and_the_next_one_is_answered(string request)
    {
        await using var peers = new Peers();
        await using var store = BlobStore.InMemory();
        BlobHash hash = await store.ImportAsync(TestData.Vector(), Cancellation);
        EndpointAddress address = await peers.ServeAsync(store);
        PeerEndpoint endpoint = await peers.BindAsync();
        await using PeerConnection connection = await endpoint.DialAsync(address, BlobProtocol.Alpn, Cancellation);
        if (request is not ("" or "0100000000000000000000000000000000000000000000000000000000000000000001"))
        {
            var failure = await Assert.ThrowsAsync<PeerException>(() => AskAsync(connection, request));
            Assert.Equal(PeerErrorKind.StreamAborted, failure.Kind);
        }

        Assert.NotEmpty(await AskAsync(connection, "00" + hash + "020001000100"));
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_aborted_with_the_code_for_limits()
    {
        await using var peers = new Peers();
        await using var store = BlobStore.InMemory();
        EndpointAddress address = await peers.ServeAsync(store);
        PeerEndpoint endpoint = await peers.BindAsync();
        await using PeerConnection connection = await endpoint.DialAsync(address, BlobProtocol.Alpn, Cancellation);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancellation);
        var failure = await Assert.ThrowsAsync<PeerException>(async () =>
        {
            await stream.WriteAsync(new byte[BlobProtocol.MaxRequestSize + 2], completeWrites: true, Cancellation);
            await stream.ReadExactlyAsync(new byte[1], Cancellation);
        });
        Assert.Equal(BlobProtocol.LimitCode, failure.ErrorCode);
    }

    [Fact]
    public async Task Requests_beyond_the_rate_are_refused()
    {
        await using var peers = new Peers();
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(TestData.Random(10), Cancellation);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        BlobConnection connection = await peers.ConnectAsync(await peers.ServeAsync(source, options =>
        {
            options.MaxRequestsPerSecond = 3;
            options.TimeProvider = time;
        }));
        for (int i = 0; i < 3; i++)
        {
            await connection.GetSizeAsync(hash, Cancellation);
        }

        BlobException refused = await Assert.ThrowsAsync<BlobException>(async () => await connection.GetSizeAsync(hash, Cancellation));
        Assert.Equal(BlobErrorKind.LimitReached, refused.Kind);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, await connection.GetSizeAsync(hash, Cancellation));
    }

    [Fact]
    public async Task A_damaged_blob_is_reported_and_not_served()
    {
        using var folder = new TemporaryFolder();
        await using var peers = new Peers();
        await using BlobStore source = await BlobStore.OpenAsync(folder["store"], cancellationToken: Cancellation);
        byte[] data = TestData.Random(900_000);
        BlobHash hash = await source.ImportAsync(data, Cancellation);
        string file = Directory.GetFiles(folder["store/data"], "*.data", SearchOption.AllDirectories).Single();
        data[800_000] ^= 1;
        await File.WriteAllBytesAsync(file, data, Cancellation);
        var damaged = new TaskCompletionSource<BlobDamage>();
        source.Damaged += damaged.SetResult;
        BlobConnection connection = await peers.ConnectAsync(await peers.ServeAsync(source));
        await using var store = BlobStore.InMemory();

        BlobException failure = await Assert.ThrowsAsync<BlobException>(async () => await connection.GetAsync(store, hash, cancellationToken: Cancellation));

        Assert.Equal(BlobErrorKind.ProviderFailed, failure.Kind);
        Assert.Equal(hash, (await damaged.Task).Hash);
        Assert.False(store.IsComplete(hash));
    }

    private static async Task<byte[]> AskAsync(PeerConnection connection, string request)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancellation);
        await stream.WriteAsync(Convert.FromHexString(request), completeWrites: true, Cancellation);
        var answer = new MemoryStream();
        await stream.CopyToAsync(answer, Cancellation);
        return answer.ToArray();
    }
}
