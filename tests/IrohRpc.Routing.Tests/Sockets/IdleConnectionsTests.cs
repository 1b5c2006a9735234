using System.Net;
using IrohRpc.Tests.Support;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Sockets;

/// <summary>Peers that connect, prove who they are and then say nothing. Whoever comes later gets in all the same.</summary>
public sealed class IdleConnectionsTests : IAsyncDisposable
{
    private const int Places = 5;

    private readonly SocketPeers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Who_idles_longest_gives_way_to_whoever_comes_and_who_calls_keeps_the_place(string transport)
    {
        PeerEndpoint acceptor = await BindAsync(transport, TimeSpan.Zero);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        List<PeerConnection> connections = [];
        for (int i = 0; i < Places; i++)
        {
            connections.Add(await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation));
        }

        Assert.Equal("in use", await TestProtocols.CallEchoAsync(connections[0], "in use", Cancellation));
        for (int late = 1; late < Places; late++)
        {
            PeerEndpoint newcomer = await _peers.BindAsync(transport);
            PeerConnection met = await newcomer.DialAsync(acceptor.Address, "echo/1", Cancellation);
            Assert.Equal("met", await TestProtocols.CallEchoAsync(met, "met", Cancellation));
            ConnectionEnd end = await connections[late].Closed.WaitAsync(Cancellation);
            Assert.Equal((PeerErrorKind.ClosedByPeer, ConnectionErrorCodes.GaveWay), (end.Kind, end.ErrorCode));
            Assert.Equal(Places, acceptor.Admission.Connections);
        }

        Assert.Equal("still in use", await TestProtocols.CallEchoAsync(connections[0], "still in use", Cancellation));
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Where_nobody_has_been_idle_for_long_the_newcomer_is_refused(string transport)
    {
        PeerEndpoint acceptor = await BindAsync(transport, TimeSpan.FromHours(1));
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        for (int i = 0; i < Places; i++)
        {
            PeerConnection connection = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
            Assert.Equal("on", await TestProtocols.CallEchoAsync(connection, "on", Cancellation));
        }

        PeerException refused = await Assert.ThrowsAsync<PeerException>(() => dialler.DialAsync(acceptor.Address, "echo/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, refused.Kind);
    }

    private async Task<PeerEndpoint> BindAsync(string transport, TimeSpan idle)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport, options =>
        {
            options.ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)];
            options.Limits.MaxConnectionsPerAddress = Places;
            options.Limits.IdleToGiveWay = idle;
        });
        await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        return acceptor;
    }
}
