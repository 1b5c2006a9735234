using IrohRpc.Reach.Lookup;

namespace IrohRpc.Tests;

/// <summary>Proxies for a peer of which the id alone is known.</summary>
public sealed class ConnectByIdTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proxy_finds_its_peer_by_lookup_and_finds_it_again_after_it_has_moved()
    {
        using SecretKey key = SecretKey.Generate();
        var lookup = new StaticAddressLookup();
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { AddressLookups = [lookup] }, Token);
        IWorkshop proxy = client.Connect<IWorkshop>(key.Id);
        for (int life = 0; life < 2; life++)
        {
            await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { SecretKey = key }, Token);
            await using Router router = await server.Route().Map<IWorkshop>(new Workshop()).StartAsync(Token);
            lookup.Set(server.Address);
            Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        }
    }
}
