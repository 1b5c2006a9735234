using System.Text;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;
using IrohRpc.Transports;
using KeyValue;
using KeyValue.Service;
using KeyValue.Storage;

namespace IrohRpc.Samples.Tests.Stores;

/// <summary>The store with a caller, both within the test, on a network that breaks on command.</summary>
internal sealed class StoreHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly MemoryNetwork _network;
    private readonly PeerEndpoint _server;
    private readonly PeerEndpoint _client;
    private readonly Router _router;

    private StoreHost(
        TemporaryFolder folder, KeyValueStore store, MemoryNetwork network, PeerEndpoint server, PeerEndpoint client, Router router)
    {
        _folder = folder;
        Store = store;
        _network = network;
        _server = server;
        _client = client;
        _router = router;
        Caller = client.Connect<IKeyValue>(server.Ticket);
    }

    /// <summary>Calls the store over the network.</summary>
    public IKeyValue Caller { get; }

    /// <summary>The store behind the service.</summary>
    public KeyValueStore Store { get; }

    /// <summary>The file of the store.</summary>
    public string File => FileIn(_folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<StoreHost> StartAsync(TimeProvider? storeTime = null)
    {
        var folder = new TemporaryFolder();
        var network = new MemoryNetwork();
        var store = new KeyValueStore(FileIn(folder), storeTime);
        PeerEndpoint server = await PeerEndpoint.BindAsync(Options(network), Cancellation);
        PeerEndpoint client = await PeerEndpoint.BindAsync(Options(network), Cancellation);
        Router router = await server.Route().Map<IKeyValue>(new KeyValueService(store)).StartAsync(Cancellation);
        return new StoreHost(folder, store, network, server, client, router);
    }

    /// <summary>Resets the connection under the caller's feet.</summary>
    public void LoseConnection() => _network.LoseConnections(_client.Id, _server.Id);

    /// <summary>Cuts the network: nothing arrives any more, and dials hang.</summary>
    public void Partition() => _network.Partition(_client.Id, _server.Id);

    /// <summary>Mends the network.</summary>
    public void Heal() => _network.Heal(_client.Id, _server.Id);

    public Task<long> PutAsync(string key, string value, long lease = 0)
        => Caller.PutAsync(key, Encoding.UTF8.GetBytes(value), lease, Cancellation).Soon();

    /// <summary>A key's value; null where it is not there.</summary>
    public async Task<string?> GetAsync(string key, long revision = 0)
        => await Caller.GetAsync(key, revision, Cancellation).Soon() is { } entry ? entry.Text() : null;

    /// <summary>The keys of a range.</summary>
    public async Task<string[]> KeysAsync(KeyRange range, long revision = 0, int limit = 0)
        => await Caller.RangeAsync(new RangeRequest(range, revision, limit), Cancellation).Select(entry => entry.Key)
            .ToArrayAsync(Cancellation).Soon();

    /// <summary>The first items of a watch.</summary>
    public async Task<WatchedRevision[]> WatchAsync(KeyRange range, long from, int count)
        => await Caller.WatchAsync(range, from, Cancellation).Take(count).ToArrayAsync(Cancellation).Soon();

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _router.DisposeAsync();
        await _server.DisposeAsync();
        await Store.DisposeAsync();
        _folder.Dispose();
    }

    private static string FileIn(TemporaryFolder folder) => folder.File("store.db");

    private static PeerEndpointOptions Options(MemoryNetwork network) => new() { Transports = [network.Transport], DrainTimeout = TimeSpan.Zero };
}
