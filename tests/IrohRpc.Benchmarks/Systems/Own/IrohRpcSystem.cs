using System.Net;
using System.Net.Sockets;
using IrohRpc.Benchmarks.Systems.Emulated;
using IrohRpc.Transports;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>Ours: two endpoints with their defaults, but for the one transport that is measured.</summary>
internal sealed class IrohRpcSystem : BenchmarkSystem
{
    private readonly HoldGate _gate = new();
    private readonly ITransport _transport;
    private readonly List<IDisposable> _links = [];
    private PeerEndpoint? _server;
    private PeerEndpoint? _client;
    private Router? _router;

    public IrohRpcSystem(string transport, ITransport implementation, LinkKind? link = null)
        : base("irohrpc", transport)
    {
        _transport = implementation;
        Link = link;
    }

    public override LinkKind? Link { get; }

    public override async Task StartAsync()
    {
        _server = await PeerEndpoint.BindAsync(Options());
        _router = await _server.Route().Map<IBench>(new BenchService(_gate)).StartAsync();
        _client = await PeerEndpoint.BindAsync(Options());
    }

    public override async Task<Session> ConnectAsync()
        => new IrohRpcSession(await _client!.ConnectAsync<IBench>(Link is null ? _server!.Address : Behind(_server!.Address, Link)), _gate);

    public override async ValueTask DisposeAsync()
    {
        _links.ForEach(static link => link.Dispose());
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

    private EndpointAddress Behind(EndpointAddress server, LinkKind kind)
    {
        foreach (TransportAddress one in server.Addresses)
        {
            if (TlsAddress.TryGetEndPoint(one, out IPEndPoint? at) && at.AddressFamily == AddressFamily.InterNetwork)
            {
                var path = new EmulatedTcpLink(new IPEndPoint(IPAddress.Loopback, at.Port), kind);
                _links.Add(path);
                return new EndpointAddress(server.Id, TlsAddress.Create(path.Address));
            }
        }

        TransportAddress address = server.Addresses.First(
            one => one.TryGetIPEndPoint(out IPEndPoint? at) && at.AddressFamily == AddressFamily.InterNetwork);
        address.TryGetIPEndPoint(out IPEndPoint? endPoint);
        var link = new EmulatedLink(new IPEndPoint(IPAddress.Loopback, endPoint!.Port), kind);
        _links.Add(link);
        return new EndpointAddress(
            server.Id, MsQuicAddress.TryGetEndPoint(address, out _) ? MsQuicAddress.Create(link.Address) : TransportAddress.Ip(link.Address));
    }

    // The limits against floods are on; a thousand connections of one peer from one address are meant here.
    private PeerEndpointOptions Options() => new()
    {
        Transports = [_transport],
        Limits = new ConnectionLimits { MaxConnectionsPerAddress = 4_000, MaxConnectionsPerPeer = 4_000 },
    };
}
