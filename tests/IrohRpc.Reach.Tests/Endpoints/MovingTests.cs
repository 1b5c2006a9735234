using System.Net;
using System.Security.Cryptography;
using IrohRpc.Reach.Relay;
using IrohRpc.Relay;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>
/// Connections that move between a relay and a direct path that the test opens and shuts, by migration: with peers that have one path at a time.
/// </summary>
public sealed class MovingTests : IAsyncDisposable
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
    public async Task A_relayed_connection_goes_over_to_the_direct_path_once_it_works_and_loses_nothing()
    {
        (UdpGate gate, PeerConnection connection) = await ConnectAsync(isOpen: false);
        Assert.True(Assert.Single(connection.Paths).IsRelay);
        await using IAsyncEnumerator<IReadOnlyList<PeerPath>> paths = connection.WatchPathsAsync(Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await paths.MoveNextAsync());
        using var stop = new CancellationTokenSource();
        Task<int> traffic = EchoUntilAsync(connection, stop.Token);
        gate.IsOpen = true;
        Assert.True(await paths.MoveNextAsync().AsTask().Soon());
        PeerPath selected = paths.Current.Single(path => path.IsSelected);
        Assert.Equal((gate.Address, false), (selected.Address, selected.IsRelay));
        await stop.CancelAsync();
        Assert.True(await traffic.Soon() > 0);
        long before = gate.Passed;
        await Echo.CheckAsync(connection, 100_000);
        Assert.True(gate.Passed > before + 50);
        selected = connection.Paths.Single(path => path.IsSelected);
        Assert.NotNull(selected.RoundTripTime);
        Assert.True(selected.BytesSent > 100_000 && selected.BytesReceived > 100_000);
    }

    [Fact]
    public async Task A_direct_path_that_falls_silent_is_left_for_the_relay_and_taken_again_when_it_is_back()
    {
        (UdpGate gate, PeerConnection connection) = await ConnectAsync(isOpen: true);
        Assert.Equal(gate.Address, connection.Paths.Single(path => path.IsSelected).Address);
        await Echo.CheckAsync(connection, 100_000);
        using var stop = new CancellationTokenSource();
        Task<int> traffic = EchoUntilAsync(connection, stop.Token);
        gate.IsOpen = false;
        await SelectedAsync(connection, isRelay: true);
        gate.IsOpen = true;
        await SelectedAsync(connection, isRelay: false);
        await stop.CancelAsync();
        Assert.True(await traffic.Soon() > 0);
    }

    private static async Task SelectedAsync(PeerConnection connection, bool isRelay)
    {
        await foreach (IReadOnlyList<PeerPath> paths in connection.WatchPathsAsync(Cancel))
        {
            if (paths.Single(path => path.IsSelected).IsRelay == isRelay)
            {
                return;
            }
        }

        Assert.Fail("The connection has ended.");
    }

    private static async Task<int> EchoUntilAsync(PeerConnection connection, CancellationToken stop)
    {
        int count = 0;
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancel);
        var answer = new byte[1000];
        for (; !stop.IsCancellationRequested; count++)
        {
            byte[] message = RandomNumberGenerator.GetBytes(answer.Length);
            await stream.WriteAsync(message, Cancel).AsTask().Soon();
            await stream.ReadExactlyAsync(answer, Cancel).AsTask().Soon();
            Assert.Equal(message, answer);
        }

        return count;
    }

    private async Task<(UdpGate Gate, PeerConnection Connection)> ConnectAsync(bool isOpen)
    {
        RelayServer relay = Own(await RelayServer.StartAsync(cancellationToken: Cancel));
        PeerEndpoint server = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Alpns = [Echo.Alpn], TraversesNats = false, Relays = [new RelayConfig(relay.Url)], ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)] }, Cancel);
        Own(new Echo(server));
        await server.WaitOnlineAsync(Cancel).AsTask().Soon();
        UdpGate gate = Own(new UdpGate(server.Address.Addresses.Select(address => address.ToEndPoint()).OfType<IPEndPoint>().Single(), isOpen));
        PeerEndpoint client = Own(await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [], Relays = [new RelayConfig(relay.Url)] }, Cancel));
        var address = new EndpointAddress(server.Id, gate.Address, TransportAddress.Relay(relay.Url.AbsoluteUri));
        return (gate, Own(await client.DialAsync(address, Echo.Alpn, Cancel).AsTask().Soon()));
    }

    private T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
