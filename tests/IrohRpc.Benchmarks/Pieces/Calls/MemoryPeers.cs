using IrohRpc.Transports;

namespace IrohRpc.Benchmarks.Pieces.Calls;

/// <summary>Two peers without a network between them, one of whom takes orders.</summary>
internal sealed class MemoryPeers : IAsyncDisposable
{
    private readonly PeerEndpoint _server;
    private readonly PeerEndpoint _caller;
    private readonly Router _router;

    private MemoryPeers(PeerEndpoint server, PeerEndpoint caller, Router router, PeerClient<IOrders> client)
    {
        _server = server;
        _caller = caller;
        _router = router;
        Client = client;
    }

    public PeerClient<IOrders> Client { get; }

    /// <summary>Starts them.</summary>
    /// <param name="intercept">Adds interceptors, at each side; null for none.</param>
    public static async Task<MemoryPeers> StartAsync(Action<InterceptorCollection>? intercept = null)
    {
        var service = new ServiceOptions();
        var client = new ClientOptions();
        intercept?.Invoke(service.Interceptors);
        intercept?.Invoke(client.Interceptors);
        ITransport transport = new MemoryNetwork().Transport;
        PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] });
        Router router = await server.Route().Map<IOrders>(new OrderService(), service).StartAsync();
        PeerEndpoint caller = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] });
        return new MemoryPeers(server, caller, router, await caller.ConnectAsync<IOrders>(server.Ticket, client));
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _caller.DisposeAsync();
        await _router.DisposeAsync();
        await _server.DisposeAsync();
    }
}
