using IrohRpc.Transports;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>Ours: two endpoints with their defaults, but for the one transport that is measured.</summary>
internal sealed class IrohRpcSystem : BenchmarkSystem
{
    private readonly HoldGate _gate = new();
    private readonly ITransport _transport;
    private PeerEndpoint? _server;
    private PeerEndpoint? _client;
    private Router? _router;

    public IrohRpcSystem(string transport, ITransport implementation)
        : base("irohrpc", transport)
    {
        _transport = implementation;
    }

    public override async Task StartAsync()
    {
        _server = await PeerEndpoint.BindAsync(Options());
        _router = await _server.Route().Map<IBench>(new BenchService(_gate)).StartAsync();
        _client = await PeerEndpoint.BindAsync(Options());
    }

    public override async Task<Session> ConnectAsync()
        => new IrohRpcSession(await _client!.ConnectAsync<IBench>(_server!.Ticket), _gate);

    public override async ValueTask DisposeAsync()
    {
        if (_client is not null)
        {
            await _client.DisposeAsync();
        }

        if (_router is not null)
        {
            await _router.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    // The limits against floods are on; a thousand connections of one peer from one address are meant here.
    private PeerEndpointOptions Options() => new()
    {
        Transports = [_transport],
        Limits = new ConnectionLimits { MaxConnectionsPerAddress = 4_000, MaxConnectionsPerPeer = 4_000 },
    };
}
