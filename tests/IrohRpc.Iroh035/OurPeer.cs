using System.Net;
using IrohRpc.Blobs;
using IrohRpc.Gossip;
using IrohRpc.Transports;

namespace IrohRpc.Iroh035;

/// <summary>One of ours, on our own QUIC.</summary>
internal sealed class OurPeer : IAsyncDisposable
{
    private readonly Router _router;

    private OurPeer(PeerEndpoint endpoint, BlobStore store, Gossip.Gossip gossip, Router router)
    {
        Endpoint = endpoint;
        Store = store;
        Gossip = gossip;
        _router = router;
    }

    public PeerEndpoint Endpoint { get; }

    public BlobStore Store { get; }

    public Gossip.Gossip Gossip { get; }

    public EndpointAddress Address => Endpoint.Address;

    /// <param name="blobs">What answers requests for blobs; null for the store.</param>
    /// <param name="folder">Where the store is; null for memory.</param>
    public static async Task<OurPeer> StartAsync(Func<PeerConnection, CancellationToken, ValueTask>? blobs = null, string? folder = null)
    {
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions
        {
            Transports = [QuicTransport.Instance],
            ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)],
            StreamReceiveWindow = 4 * 1024 * 1024,
            IdleTimeout = TimeSpan.FromSeconds(10),
            KeepAliveInterval = TimeSpan.FromSeconds(3),
        });
        BlobStore store = folder is null ? BlobStore.InMemory() : await BlobStore.OpenAsync(folder);
        var gossip = new Gossip.Gossip(endpoint, new GossipOptions
        {
            DialAlpns = [GossipProtocol.OldAlpn],
            LoggerFactory = LineLog.Create(endpoint.Id),
        });
        RouterBuilder builder = endpoint.Route().MapGossip(gossip);
        builder = blobs is null ? builder.Map(BlobProtocol.Alpn, new BlobProvider(store)) : builder.Map(BlobProtocol.Alpn, blobs);
        return new OurPeer(endpoint, store, gossip, await builder.StartAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await Gossip.DisposeAsync();
        await _router.DisposeAsync();
        await Endpoint.DisposeAsync();
        await Store.DisposeAsync();
    }
}
