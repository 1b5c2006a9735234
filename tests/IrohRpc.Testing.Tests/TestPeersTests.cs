using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Testing.Tests;

/// <summary>Peers in one line, and what can be done to them.</summary>
public sealed class TestPeersTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_line_makes_a_peer_that_serves_and_one_that_calls()
    {
        await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(new Greeter(), cancellationToken: Token);
        Assert.Equal("Hello, world", await peers.Proxy.HelloAsync("world", cancellation: Token));
        Assert.Equal(10, await peers.Proxy.CountAsync(10, Token).CountAsync(Token));
        Assert.Equal(700_000, await peers.Proxy.SizeAsync(new byte[700_000], Token));
    }

    [Fact]
    public async Task Service_for_each_connection_knows_its_caller()
    {
        EndpointId? caller = null;
        await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(
            router => router.Map<IGreeter>(connection =>
            {
                caller = connection.PeerId;
                return new Greeter();
            }),
            cancellationToken: Token);
        await peers.Proxy.HelloAsync("world", cancellation: Token);
        Assert.Equal(peers.Client.Id, caller);
    }

    [Fact]
    public async Task Lost_connections_are_replaced_by_the_next_call()
    {
        await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(new Greeter(), cancellationToken: Token);
        await peers.Proxy.HelloAsync("before", cancellation: Token);
        RpcConnection first = PeerChannel.GetConnection(peers.Proxy)!;
        peers.LoseConnections();
        Assert.Equal(PeerErrorKind.ConnectionLost, (await first.Connection.Closed.WaitAsync(Soon, Token)).Kind);
        Assert.Equal("Hello, after", await peers.Proxy.HelloAsync("after", cancellation: Token));
        Assert.NotSame(first, PeerChannel.GetConnection(peers.Proxy));
    }

    [Fact]
    public async Task Call_right_after_a_loss_that_both_ends_know_takes_another_connection()
    {
        for (int round = 0; round < 20; round++)
        {
            await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(new Greeter(), new TestPeersOptions { TimeProvider = new FakeTimeProvider() }, Token);
            await peers.Proxy.HelloAsync("before", cancellation: Token);
            await peers.LoseConnectionsAsync();
            Assert.Equal("Hello, after", await peers.Proxy.HelloAsync("after", cancellation: Token));
        }
    }

    [Fact]
    public async Task Call_in_a_partition_ends_at_its_deadline_by_the_fake_clock()
    {
        var clock = new FakeTimeProvider();
        await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(new Greeter(), new TestPeersOptions { TimeProvider = clock }, Token);
        await peers.Proxy.HelloAsync("connects", cancellation: Token);
        peers.Partition();
        Task<string> call = peers.Proxy.HelloAsync("world", new CallContext { Timeout = TimeSpan.FromSeconds(5) }, Token).AsTask();
        clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Soon, Token));
        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Call_that_waits_in_a_partition_arrives_when_it_heals()
    {
        await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(new Greeter(), cancellationToken: Token);
        await peers.Proxy.HelloAsync("connects", cancellation: Token);
        peers.Partition();
        Task<string> call = peers.Proxy.HelloAsync("world", cancellation: Token).AsTask();
        Assert.False(call.IsCompleted);
        peers.Heal();
        Assert.Equal("Hello, world", await call.WaitAsync(Soon, Token));
    }

    [Fact]
    public async Task Peers_join_a_network_that_holds_others()
    {
        var network = new MemoryNetwork();
        await using TestPeers<IGreeter> one = await TestPeers.CreateAsync<IGreeter>(new Greeter("Hello"), new TestPeersOptions { Network = network }, Token);
        await using TestPeers<IGreeter> other = await TestPeers.CreateAsync<IGreeter>(new Greeter("Ahoy"), new TestPeersOptions { Network = network }, Token);
        IGreeter across = one.Client.Connect<IGreeter>(other.Server.Address);
        Assert.Equal("Ahoy, world", await across.HelloAsync("world", cancellation: Token));
        Assert.Equal("Hello, world", await one.Proxy.HelloAsync("world", cancellation: Token));
    }

    [Fact]
    public async Task Many_endpoints_share_a_network_and_one_that_is_isolated_spares_the_rest()
    {
        var network = new MemoryNetwork();
        var endpoints = new List<PeerEndpoint>();
        var routers = new List<Router>();
        for (int i = 0; i < 12; i++)
        {
            PeerEndpoint endpoint = await network.BindAsync(cancellationToken: Token);
            endpoints.Add(endpoint);
            routers.Add(await endpoint.Route().Map<IGreeter>(new Greeter($"Peer {i}")).StartAsync(Token));
        }

        network.Isolate(endpoints[0].Id);
        for (int i = 1; i < endpoints.Count; i++)
        {
            IGreeter next = endpoints[i].Connect<IGreeter>(endpoints[(i % 11) + 1].Address);
            Assert.Equal($"Peer {(i % 11) + 1}, hi", await next.HelloAsync("hi", cancellation: Token));
        }

        network.Rejoin(endpoints[0].Id);
        Assert.Equal("Peer 0, hi", await endpoints[5].Connect<IGreeter>(endpoints[0].Address).HelloAsync("hi", cancellation: Token));
        foreach (PeerEndpoint endpoint in endpoints)
        {
            await endpoint.DisposeAsync();
        }
    }

    [Fact]
    public async Task Options_reach_both_endpoints_and_the_service()
    {
        using SecretKey key = SecretKey.Generate();
        await using TestPeers<IGreeter> peers = await TestPeers.CreateAsync<IGreeter>(
            new Greeter(),
            new TestPeersOptions
            {
                ConfigureServer = options => options.SecretKey = key,
                Service = new ServiceOptions { MessageLimit = 64 * 1024 },
            },
            Token);
        Assert.Equal(key.Id, peers.Server.Id);
        RpcException error = await Assert.ThrowsAsync<RpcException>(() => peers.Proxy.SizeAsync(new byte[128 * 1024], Token).AsTask());
        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
    }
}
