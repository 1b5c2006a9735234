using System.Text;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;
using KeyValue;
using KeyValue.Service;
using KeyValue.Storage;

namespace IrohRpc.Samples.Tests;

/// <summary>Who may call the store, and how much one caller may take of it.</summary>
public sealed class KeyValueAccessTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryNetwork _network = new();
    private readonly List<PeerEndpoint> _endpoints = [];
    private KeyValueStore _store = null!;
    private Router? _router;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_write_readers_read_and_strangers_are_turned_away()
    {
        PeerEndpoint writer = await BindAsync();
        PeerEndpoint reader = await BindAsync();
        PeerEndpoint stranger = await BindAsync();
        EndpointTicket ticket = await ServeAsync(new Access([writer.Id], [reader.Id]), new Quotas());
        await writer.Connect<IKeyValue>(ticket).PutAsync("key", Encoding.UTF8.GetBytes("value"), 0, Cancellation).Soon();

        IKeyValue readers = reader.Connect<IKeyValue>(ticket);
        Assert.Equal("value", Encoding.UTF8.GetString((await readers.GetAsync("key", 0, Cancellation).Soon())!.Value.Span));
        foreach (Func<Task> write in (Func<Task>[])[
            () => readers.PutAsync("key", default, 0, Cancellation).Soon(),
            () => readers.DeleteAsync(KeyRange.Of("key"), Cancellation).Soon(),
            () => readers.TransactAsync(new Transaction([], [], []), Cancellation).Soon(),
            () => readers.GrantLeaseAsync(TimeSpan.FromSeconds(5), Cancellation).Soon(),
            () => readers.KeepLeaseAliveAsync(1, Cancellation).Soon(),
            () => readers.RevokeLeaseAsync(1, Cancellation).Soon(),
            () => readers.ImportAsync(AsyncEnumerable.Empty<ImportRow>(), new Progress<long>(), Cancellation).Soon(),
            () => readers.CompactAsync(0, Cancellation).AsTask().Soon()])
        {
            Assert.Equal(RpcStatusCode.PermissionDenied, (await Assert.ThrowsAsync<RpcException>(write)).StatusCode);
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => stranger.Connect<IKeyValue>(ticket).RevisionAsync(Cancellation).Soon());
        Assert.Equal(RpcStatusCode.PermissionDenied, refused.StatusCode);
    }

    [Fact]
    public async Task A_peer_has_no_more_watches_than_it_may_and_takes_none_from_another()
    {
        PeerEndpoint greedy = await BindAsync();
        PeerEndpoint modest = await BindAsync();
        EndpointTicket ticket = await ServeAsync(Access.Everybody, new Quotas { WatchesPerPeer = 2 });
        IKeyValue store = greedy.Connect<IKeyValue>(ticket);
        await store.PutAsync("key", default, 0, Cancellation).Soon();

        await using IAsyncEnumerator<WatchedRevision> first = store.WatchAsync(KeyRange.Prefix(""), 1, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await first.MoveNextAsync().Soon());
        IAsyncEnumerator<WatchedRevision> second = store.WatchAsync(KeyRange.Prefix(""), 1, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await second.MoveNextAsync().Soon());
        await using IAsyncEnumerator<WatchedRevision> third = store.WatchAsync(KeyRange.Prefix(""), 1, Cancellation).GetAsyncEnumerator(Cancellation);
        var refused = await Assert.ThrowsAsync<RpcException>(() => third.MoveNextAsync().Soon());
        Assert.Equal(RpcStatusCode.ResourceExhausted, refused.StatusCode);

        await using IAsyncEnumerator<WatchedRevision> others = modest.Connect<IKeyValue>(ticket).WatchAsync(KeyRange.Prefix(""), 1, Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await others.MoveNextAsync().Soon());
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_transaction_over_its_quota_is_refused_before_it_takes_the_writer()
    {
        PeerEndpoint caller = await BindAsync();
        IKeyValue store = caller.Connect<IKeyValue>(await ServeAsync(Access.Everybody, new Quotas()));
        Change[] many = [.. Enumerable.Range(0, 129).Select(static number => new Change($"{number}", default(ReadOnlyMemory<byte>)))];
        Change[] large = [.. Enumerable.Range(0, 3).Select(static number => new Change($"{number}", new byte[1_000_000]))];
        foreach (Change[] changes in (Change[][])[many, large])
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => store.TransactAsync(new Transaction([], changes, []), Cancellation).Soon());
            Assert.Equal(RpcStatusCode.ResourceExhausted, refused.StatusCode);
        }

        Assert.Equal(0, await store.RevisionAsync(Cancellation).Soon());
        Assert.True((await store.TransactAsync(new Transaction([], many[..128], []), Cancellation).Soon()).Succeeded);
    }

    [Fact]
    public async Task A_store_that_is_full_says_so_stays_readable_and_has_room_after_a_compaction()
    {
        PeerEndpoint caller = await BindAsync();
        IKeyValue store = caller.Connect<IKeyValue>(await ServeAsync(Access.Everybody, new Quotas(), mostBytes: 1 << 20));
        long revision = 0;
        var full = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                revision = await store.PutAsync("key", new byte[100_000], 0, Cancellation).Soon();
            }
        });
        Assert.Equal(RpcStatusCode.ResourceExhausted, full.StatusCode);
        Assert.Equal(revision, (await store.GetAsync("key", 0, Cancellation).Soon())!.ModRevision);
        await store.CompactAsync(revision, Cancellation).AsTask().Soon();
        Assert.Equal(revision + 1, await store.PutAsync("key", new byte[100_000], 0, Cancellation).Soon());
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (PeerEndpoint endpoint in _endpoints)
        {
            await endpoint.DisposeAsync();
        }

        if (_router is not null)
        {
            await _router.DisposeAsync();
            await _store.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task<EndpointTicket> ServeAsync(Access access, Quotas quotas, long? mostBytes = null)
    {
        _store = new KeyValueStore(_folder.File("store.db"), mostBytes: mostBytes);
        PeerEndpoint server = await BindAsync(access.MayRead);
        var watches = new WatchCount(quotas.WatchesPerPeer);
        var service = new KeyValueService(_store);
        _router = await server.Route()
            .Map<IKeyValue>(connection => new GuardedService(service, connection.PeerId, access, quotas, watches))
            .StartAsync(Cancellation);
        return server.Ticket;
    }

    private async Task<PeerEndpoint> BindAsync(Func<EndpointId, bool>? admit = null)
    {
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [_network.Transport], DrainTimeout = TimeSpan.Zero, AdmitPeer = admit }, Cancellation);
        _endpoints.Add(endpoint);
        return endpoint;
    }
}
