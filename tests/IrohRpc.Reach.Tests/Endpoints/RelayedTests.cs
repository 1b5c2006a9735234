using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Relay;
using IrohRpc.Reach.Relay.Protocol;
using IrohRpc.Relay;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>Endpoints that reach each other through a relay of ours.</summary>
public sealed class RelayedTests : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _owned = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync().AsTask().Soon();
        }
    }

    [Fact]
    public async Task The_relay_stands_in_the_ticket_and_is_enough_to_dial()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await ServeAsync(relay.Url);
        TransportAddress home = Assert.Single(server.Ticket.Address.Addresses, IsRelay);
        Assert.Equal(relay.Url.AbsoluteUri, home.RelayUrl);
        PeerEndpoint client = await DiallerAsync(relay.Url);
        await using PeerConnection connection = await client.DialAsync(new EndpointAddress(server.Id, home), Echo.Alpn, Cancel).AsTask().Soon();
        Assert.Equal((server.Id, home, home), (connection.PeerId, connection.RemoteAddress, connection.LocalAddress));
        await Echo.CheckAsync(connection, 2_000_000);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Echo.CheckAsync(connection, 10_000)));
    }

    [Fact]
    public async Task The_relay_is_dialled_at_once_beside_an_address_that_is_dead()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await ServeAsync(relay.Url);
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        PeerEndpoint client = Own(await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { ListenOn = [], Relays = [new RelayConfig(relay.Url)], StaggerDelay = TimeSpan.FromMinutes(1) }, Cancel));
        var address = new EndpointAddress(
            server.Id, TransportAddress.Relay(relay.Url.AbsoluteUri), TransportAddress.Ip((IPEndPoint)deaf.LocalEndPoint!));
        await using PeerConnection connection = await client.DialAsync(address, Echo.Alpn, Cancel).AsTask().Soon();
        Assert.True(IsRelay(connection.RemoteAddress));
        await Echo.CheckAsync(connection, 100_000);
    }

    /// <remarks>Relay and address are dialled side by side: where the relay is the faster one, the connection moves.</remarks>
    [Fact]
    public async Task A_direct_address_that_answers_makes_the_relay_unnecessary()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await ServeAsync(relay.Url);
        PeerEndpoint client = await DiallerAsync(relay.Url);
        await using PeerConnection connection = await client.DialAsync(server.Address, Echo.Alpn, Cancel).AsTask().Soon();
        await Echo.CheckAsync(connection, 100_000);
        Assert.True(await TakesDirectPathAsync(connection).Soon());
    }

    [Fact]
    public async Task The_id_alone_leads_through_the_relay_that_the_peer_publishes()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        var directory = new SharedLookup();
        PeerEndpoint server = await ServeAsync(relay.Url, options =>
        {
            options.AddressLookupFactories = [directory.For];
            options.Publishing = AddressPublishing.RelayOnly;
        });
        PeerEndpoint client = await DiallerAsync(relay.Url, options => options.AddressLookupFactories = [directory.For]);
        await using PeerConnection connection = await client.DialAsync(server.Id, Echo.Alpn, Cancel).AsTask().Soon();
        Assert.True(IsRelay(connection.RemoteAddress));
        await Echo.CheckAsync(connection, 10_000);
    }

    [Fact]
    public async Task Both_sides_may_have_another_home()
    {
        RelayServer one = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        RelayServer other = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await ServeAsync(one.Url);
        PeerEndpoint client = await ServeAsync(other.Url);
        TransportAddress home = server.Address.Addresses.Single(IsRelay);
        await using PeerConnection connection = await client.DialAsync(new EndpointAddress(server.Id, home), Echo.Alpn, Cancel).AsTask().Soon();
        await Echo.CheckAsync(connection, 100_000);
        Assert.Equal((2, 1), (one.Clients, other.Clients));
    }

    [Fact]
    public async Task The_relay_sees_who_speaks_and_nothing_of_what_is_said()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        RecordingProxy proxy = Own(new RecordingProxy(relay.Url));
        PeerEndpoint server = await ServeAsync(proxy.Url, static options => options.TraversesNats = false);
        PeerEndpoint client = await DiallerAsync(proxy.Url);
        await using PeerConnection connection = await client
            .DialAsync(new EndpointAddress(server.Id, TransportAddress.Relay(proxy.Url.AbsoluteUri)), Echo.Alpn, Cancel).AsTask().Soon();
        byte[] secret = RandomNumberGenerator.GetBytes(16);
        await using (PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancel))
        {
            byte[] message = [.. Enumerable.Repeat(secret, 10_000).SelectMany(bytes => bytes)];
            Task write = stream.WriteAsync(message, completeWrites: true, Cancel).AsTask();
            using var answer = new MemoryStream();
            await stream.CopyToAsync(answer, Cancel).Soon();
            await write.Soon();
            Assert.Equal(message, answer.ToArray());
        }

        // The recording can be read: each datagram names its sender, and both directions are in it.
        byte[] recorded = proxy.Recorded;
        Assert.True(recorded.AsSpan().Count(client.Id.ToByteArray()) > 10);
        Assert.True(recorded.AsSpan().Count(server.Id.ToByteArray()) > 10);
        Assert.True(recorded.Length > 2 * 160_000);
        Assert.Equal(-1, recorded.AsSpan().IndexOf(secret));
    }

    [Fact]
    public async Task A_relay_that_restarts_costs_no_connection()
    {
        RelayServer first = await RelayServer.StartAsync(configure: options => options.RestartDelay = TimeSpan.Zero, cancellationToken: Cancel);
        var at = new IPEndPoint(IPAddress.Loopback, first.Url.Port);
        PeerEndpoint server = await ServeAsync(first.Url);
        PeerEndpoint client = await DiallerAsync(first.Url);
        await using PeerConnection connection = await client
            .DialAsync(new EndpointAddress(server.Id, TransportAddress.Relay(first.Url.AbsoluteUri)), Echo.Alpn, Cancel).AsTask().Soon();
        await Echo.CheckAsync(connection, 10_000);
        await first.DisposeAsync();
        Task echo = Echo.CheckAsync(connection, 100_000);
        Own(await RelayServer.StartAsync(at, cancellationToken: Cancel));
        await echo;
        Assert.False(connection.Closed.IsCompleted);
    }

    [Fact]
    public async Task Where_the_nearest_relay_is_dead_another_is_the_home()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        RelayServer dead = await RelayServer.StartAsync(cancellationToken: Cancel);
        await dead.DisposeAsync();
        PeerEndpoint server = await ServeAsync(dead.Url, options => options.Relays = [new RelayConfig(dead.Url), new RelayConfig(relay.Url)]);
        Assert.Equal(relay.Url.AbsoluteUri, server.Address.Addresses.Single(IsRelay).RelayUrl);
    }

    [Fact]
    public async Task Nonsense_from_a_stranger_behind_the_relay_harms_nobody()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await ServeAsync(relay.Url);
        using SecretKey key = SecretKey.Generate();
        await using var stranger = new RelaySession(relay.Url, key, new RelaySessionOptions(), new Deaf());
        await stranger.WaitConnectedAsync(Cancel).Soon();
        var random = new Random(7);
        for (int i = 0; i < 400; i++)
        {
            var bytes = new byte[random.Next(1, 4000)];
            random.NextBytes(bytes);

            // Some look like the first packet of a client, some come in batches of odd lengths.
            bytes[0] = i % 3 == 0 ? (byte)0xc3 : bytes[0];
            stranger.TrySend(new RelayDatagrams(server.Id, RelayEcn.None, random.Next(1, bytes.Length + 1), bytes));
        }

        PeerEndpoint client = await DiallerAsync(relay.Url);
        await using PeerConnection connection = await client
            .DialAsync(new EndpointAddress(server.Id, TransportAddress.Relay(relay.Url.AbsoluteUri)), Echo.Alpn, Cancel).AsTask().Soon();
        await Echo.CheckAsync(connection, 100_000);
    }

    [Fact]
    public async Task A_goodbye_passes_the_relay_before_the_endpoint_is_gone()
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await ServeAsync(relay.Url);
        PeerEndpoint client = await DiallerAsync(relay.Url);
        PeerConnection connection = await client
            .DialAsync(new EndpointAddress(server.Id, TransportAddress.Relay(relay.Url.AbsoluteUri)), Echo.Alpn, Cancel).AsTask().Soon();
        await Echo.CheckAsync(connection, 1);
        await server.DisposeAsync().AsTask().Soon();
        Assert.Equal(ConnectionErrorCodes.ShuttingDown, (await connection.Closed.Soon()).ErrorCode);
    }

    [Fact]
    public async Task An_endpoint_without_relays_says_why_it_cannot_dial_one()
    {
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        using SecretKey key = SecretKey.Generate();
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => client.DialAsync(new EndpointAddress(key.Id, TransportAddress.Relay("https://relay.example/")), Echo.Alpn, Cancel).AsTask());
        Assert.Equal(PeerErrorKind.TransportUnsupported, error.Kind);
    }

    private static bool IsRelay(TransportAddress address) => address.Kind == TransportAddressKind.Relay;

    private static async Task<bool> TakesDirectPathAsync(PeerConnection connection)
    {
        await foreach (IReadOnlyList<PeerPath> paths in connection.WatchPathsAsync(Cancel))
        {
            if (paths.Any(static path => path.IsSelected && !IsRelay(path.Address)))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<PeerEndpoint> ServeAsync(Uri relay, Action<PeerEndpointOptions>? configure = null)
    {
        var options = new PeerEndpointOptions { Alpns = [Echo.Alpn], Relays = [new RelayConfig(relay)] };
        configure?.Invoke(options);
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, Cancel);
        Own(new Echo(endpoint));
        await endpoint.WaitOnlineAsync(Cancel).AsTask().Soon();
        return endpoint;
    }

    private async Task<PeerEndpoint> DiallerAsync(Uri relay, Action<PeerEndpointOptions>? configure = null)
    {
        var options = new PeerEndpointOptions { ListenOn = [], Relays = [new RelayConfig(relay)] };
        configure?.Invoke(options);
        return Own(await PeerEndpoint.BindAsync(options, Cancel));
    }

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }

    private sealed class Deaf : IRelayReceiver
    {
        public void OnDatagrams(RelayDatagrams datagrams)
        {
        }

        public void OnEndpointGone(EndpointId peer)
        {
        }

        public void OnStateChanged(RelaySessionState state, string? problem)
        {
        }
    }
}
