using System.Net;
using IrohRpc.CompilerServices;
using IrohRpc.Transports;

namespace IrohRpc.Policies.Tests;

/// <summary>A service and its callers on one network.</summary>
internal sealed class Peers : IAsyncDisposable
{
    private readonly ITransport _transport;
    private readonly List<PeerEndpoint> _endpoints = [];

    private Peers(bool onSockets) => _transport = onSockets ? TlsTransport.Instance : Network.Transport;

    /// <summary>The network of peers that are not on sockets.</summary>
    public MemoryNetwork Network { get; } = new();

    public PeerEndpoint Server => _endpoints[0];

    public PeerEndpoint Client => _endpoints[1];

    /// <summary>Longer than anything takes; only a hang meets it.</summary>
    public static TimeSpan Bound { get; } = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Peers> StartAsync<T>(T service, Action<InterceptorCollection, EndpointId> configure, bool onSockets = false)
        where T : class, IContract<T>
    {
        var peers = new Peers(onSockets);
        await peers.AddAsync();
        await peers.AddAsync();
        var options = new ServiceOptions();
        configure(options.Interceptors, peers.Client.Id);
        await peers.Server.Route().Map(service, options).StartAsync(Token);
        return peers;
    }

    /// <summary>Another caller.</summary>
    public async Task<PeerEndpoint> AddAsync()
    {
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)], Transports = [_transport] }, Token);
        _endpoints.Add(endpoint);
        return endpoint;
    }

    public T Connect<T>(PeerEndpoint? from = null, ClientOptions? options = null)
        where T : class, IContract<T>
        => (from ?? Client).Connect<T>(Server.Ticket, options);

    public async ValueTask DisposeAsync()
    {
        foreach (PeerEndpoint endpoint in Enumerable.Reverse(_endpoints))
        {
            await endpoint.DisposeAsync();
        }
    }
}
