using IrohRpc.Transports;

namespace IrohRpc.Blobs.Tests.Support;

/// <summary>Endpoints of a test, in memory or on sockets, with providers on them; disposing closes them all.</summary>
internal sealed class Peers(bool onSockets = false) : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly MemoryNetwork _network = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<PeerEndpoint> BindAsync(Action<PeerEndpointOptions>? change = null)
    {
        var options = new PeerEndpointOptions();
        if (!onSockets)
        {
            options.Transports = [_network.Transport];
        }

        change?.Invoke(options);
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, Cancellation);
        _owned.Add(endpoint);
        return endpoint;
    }

    public async Task<EndpointAddress> ServeAsync(IProtocolHandler handler)
    {
        PeerEndpoint endpoint = await BindAsync();
        _owned.Add(await endpoint.Route().Map(BlobProtocol.Alpn, handler).StartAsync(Cancellation));
        return endpoint.Address;
    }

    public async Task<EndpointAddress> ServeAsync(Func<PeerConnection, CancellationToken, ValueTask> handler)
    {
        PeerEndpoint endpoint = await BindAsync();
        _owned.Add(await endpoint.Route().Map(BlobProtocol.Alpn, handler).StartAsync(Cancellation));
        return endpoint.Address;
    }

    public Task<EndpointAddress> ServeAsync(BlobStore store, Action<BlobProviderOptions>? change = null)
    {
        var options = new BlobProviderOptions();
        change?.Invoke(options);
        return ServeAsync(new BlobProvider(store, options));
    }

    public async Task<BlobConnection> ConnectAsync(EndpointAddress address)
    {
        PeerEndpoint endpoint = await BindAsync();
        PeerConnection connection = await endpoint.DialAsync(address, BlobProtocol.Alpn, Cancellation);
        _owned.Add(connection);
        return new BlobConnection(connection);
    }

    public async ValueTask DisposeAsync()
    {
        _owned.Reverse();
        foreach (IAsyncDisposable owned in _owned)
        {
            await owned.DisposeAsync();
        }
    }
}
