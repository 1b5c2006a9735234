using System.Text.Json;
using IrohRpc.Reach.Relay;
using IrohRpc.Reach.Tests.Endpoints;
using IrohRpc.Relay;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>
/// Real iroh and ours through our relay. iroh is in a network that holds nothing but loopback and the way to the relay, so that between the two there is no
/// other path.
/// </summary>
public sealed class IrohThroughRelayTests : IClassFixture<Iroh1Installation>, IAsyncDisposable
{
    private readonly Iroh1Installation _installation;
    private readonly NetworkNamespace _network;
    private readonly List<IAsyncDisposable> _owned = [];

    public IrohThroughRelayTests(Iroh1Installation installation)
    {
        _installation = installation;
        Assert.SkipWhen(installation.Unavailable is not null, installation.Unavailable ?? "");
        _network = NetworkNamespace.TryCreate(out string reason) ?? throw new InvalidOperationException(reason);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _network.Dispose();
    }

    [Fact]
    public async Task Ours_dials_iroh()
    {
        Uri relay = await RelayAsync();
        IrohPeer iroh = await IrohAsync(relay);
        PeerEndpoint ours = Own(await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [], Relays = [new RelayConfig(relay)] }, Cancel));
        await using PeerConnection connection = await ours
            .DialAsync(new EndpointAddress(iroh.Id, TransportAddress.Relay(relay.AbsoluteUri)), Echo.Alpn, Cancel).AsTask().Soon();
        Assert.Equal(iroh.Id, connection.PeerId);
        Assert.Equal(ours.Id.ToString(), (await iroh.EventAsync("accepted")).GetProperty("remote").GetString());
        await Echo.CheckAsync(connection, 500_000);
    }

    [Fact]
    public async Task Iroh_dials_ours()
    {
        Uri relay = await RelayAsync();
        PeerEndpoint ours = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Alpns = [Echo.Alpn], Relays = [new RelayConfig(relay)] }, Cancel);
        Own(new Echo(ours));
        await ours.WaitOnlineAsync(Cancel).AsTask().Soon();
        IrohPeer iroh = await IrohAsync(relay);
        JsonElement told = await iroh.DoAsync("connect", new() { ["id"] = ours.Id.ToString(), ["relay"] = ours.Address.Addresses.Single(IsRelay).RelayUrl });
        Assert.Equal(ours.Id.ToString(), told.GetProperty("remote").GetString());
        Assert.True((await iroh.DoAsync("bidirectional", new() { ["index"] = 0, ["length"] = 500_000 })).GetProperty("same").GetBoolean());
        JsonElement path = Assert.Single((await iroh.DoAsync("paths", new() { ["index"] = 0 })).GetProperty("paths").EnumerateArray());
        Assert.True(path.GetProperty("relay").GetBoolean());
    }

    [Fact]
    public async Task Iroh_dials_iroh()
    {
        Uri relay = await RelayAsync();
        IrohPeer one = await IrohAsync(relay);
        IrohPeer other = await IrohAsync(relay);
        JsonElement told = await one.DoAsync("connect", new() { ["id"] = other.Id.ToString(), ["relay"] = relay.AbsoluteUri });
        Assert.Equal(other.Id.ToString(), told.GetProperty("remote").GetString());
        Assert.True((await one.DoAsync("bidirectional", new() { ["index"] = 0, ["length"] = 300_000 })).GetProperty("same").GetBoolean());
    }

    private static bool IsRelay(TransportAddress address) => address.Kind == TransportAddressKind.Relay;

    private async Task<Uri> RelayAsync()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        Own(new Forwarder(_network, relay.Url.Port));
        return relay.Url;
    }

    private async Task<IrohPeer> IrohAsync(Uri relay) => Own(await IrohPeer.StartAsync(_installation, _network, new() { Alpn = Echo.Alpn, Relay = relay }));

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
