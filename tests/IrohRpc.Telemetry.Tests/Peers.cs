using System.Net;
using IrohRpc.Transports;

namespace IrohRpc.Telemetry.Tests;

/// <summary>A caller and a service.</summary>
internal sealed class Peers : IAsyncDisposable
{
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;

    public MemoryNetwork Network { get; } = new();

    public Probe Service { get; } = new();

    public IProbe Proxy { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<Peers> StartAsync(bool onSockets = false)
    {
        var peers = new Peers();
        ITransport transport = onSockets ? TlsTransport.Instance : peers.Network.Transport;
        peers._server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)], Transports = [transport] }, Token);
        peers._client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)], Transports = [transport] }, Token);
        await peers._server.Route().Map<IProbe>(peers.Service).StartAsync(Token);
        peers.Proxy = peers._client.Connect<IProbe>(peers._server.Ticket);
        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }
}
