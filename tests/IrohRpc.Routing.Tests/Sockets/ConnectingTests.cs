using System.Net;
using System.Net.Sockets;
using IrohRpc.Tests.Support;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests.Sockets;

/// <summary>Endpoints and routers over real sockets.</summary>
public sealed class ConnectingTests : IAsyncDisposable
{
    private readonly SocketPeers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    [InlineData("quic+tls")]
    [InlineData("msquic+tls")]
    public async Task Five_endpoints_speak_each_with_each(string transports)
    {
        var endpoints = new List<PeerEndpoint>();
        for (int i = 0; i < 5; i++)
        {
            PeerEndpoint endpoint = await _peers.BindAsync(transports);
            await endpoint.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
            endpoints.Add(endpoint);
        }

        await Mesh.CallEachFromEachAsync(endpoints, "echo/1");
        Assert.Empty(_peers.Log.AtLeast(LogLevel.Warning));
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task A_router_serves_changes_and_isolates_as_in_memory(string transport)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        await using Router router = await acceptor.Route()
            .Map("echo/1", TestProtocols.EchoAsync)
            .Map("broken/1", (_, _) => throw new InvalidDataException("broken"))
            .StartAsync(Cancellation);
        await using PeerConnection echo = await dialler.DialAsync(acceptor.Ticket, "echo/1", Cancellation);
        await using PeerConnection broken = await dialler.DialAsync(acceptor.Ticket, "broken/1", Cancellation);
        ConnectionEnd end = await broken.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal((PeerErrorKind.ClosedByPeer, ConnectionErrorCodes.HandlerFailed), (end.Kind, end.ErrorCode!.Value));
        Assert.Equal("up", await TestProtocols.CallEchoAsync(echo, "up", Cancellation));

        await router.AddAsync("more/1", TestProtocols.Says("more"), Cancellation);
        await using PeerConnection more = await dialler.DialAsync(acceptor.Ticket, "more/1", Cancellation);
        Assert.Equal("more", await TestProtocols.HearAsync(more, Cancellation));
        await router.RemoveAsync("more/1", Cancellation);
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Ticket, "more/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, error.Kind);
        Assert.Contains("\"more/1\"", error.Message);

        await router.ShutdownAsync(Cancellation);
        end = await echo.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(ConnectionErrorCodes.ShuttingDown, end.ErrorCode);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Adding_and_removing_under_load_refuses_nobody_else(string transport)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        await using Router router = await acceptor.Route().Map("steady/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        Task changes = Task.Run(
            async () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    await router.AddAsync("changing/1", TestProtocols.EchoAsync, Cancellation);
                    await router.RemoveAsync("changing/1", Cancellation);
                }
            },
            Cancellation);
        for (int i = 0; i < 30; i++)
        {
            await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "steady/1", Cancellation);
            Assert.Equal($"{i}", await TestProtocols.CallEchoAsync(connection, $"{i}", Cancellation));
        }

        await changes.WaitAsync(Peers.Bound, Cancellation);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task A_peer_that_is_not_admitted_learns_that_it_was_refused_and_why(string transport)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport, options => options.AdmitPeer = _ => false);
        await using Router router = await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        PeerException error = await Assert.ThrowsAsync<PeerException>(async () =>
        {
            await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
            await TestProtocols.CallEchoAsync(connection, "let me in", Cancellation);
        });
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        Assert.Equal("this peer is not admitted", error.Reason);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Limits_hold_and_every_place_is_given_back(string transport)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport, options => options.Limits.MaxConnectionsPerAddress = 3);
        await using Router router = await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        PeerEndpoint dialler = await _peers.BindAsync(transport, options => options.DialTimeout = TimeSpan.FromSeconds(5));
        var at = new EndpointAddress(acceptor.Id, acceptor.Address.Addresses[0]);
        for (int round = 0; round < 3; round++)
        {
            var connections = new List<PeerConnection>();
            for (int i = 0; i < 3; i++)
            {
                connections.Add(await dialler.DialAsync(at, "echo/1", Cancellation));
            }

            await Assert.ThrowsAsync<PeerException>(() => dialler.DialAsync(at, "echo/1", Cancellation).AsTask());
            foreach (PeerConnection connection in connections)
            {
                await connection.DisposeAsync();
            }

            await Eventually.HoldsAsync(() => acceptor.Admission is { Connections: 0, Handshakes: 0, Keys: (0, 0) });
        }
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Dials_that_are_given_up_midway_leave_no_place_taken(string transport)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport);
        await using Router router = await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        for (int i = 0; i < 100; i++)
        {
            // Each is given up at another point of the handshake.
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task<PeerConnection> dial = dialler.DialAsync(acceptor.Address, "echo/1", stop.Token).AsTask();
            stop.CancelAfter(TimeSpan.FromMilliseconds(i % 20));
            try
            {
                await using PeerConnection connection = await dial;
            }
            catch (OperationCanceledException)
            {
            }
        }

        await Eventually.HoldsAsync(
            () => acceptor.Admission is { Connections: 0, Handshakes: 0, Keys: (0, 0) } && dialler.Connections.Count == 0,
            () => $"{acceptor.Admission.Connections} connections, {acceptor.Admission.Handshakes} handshakes, {dialler.Connections.Count} dialled");
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task A_wrong_peer_at_one_address_does_not_hide_the_right_one_at_another(string transport)
    {
        PeerEndpoint wanted = await _peers.BindAsync(transport, options => options.Alpns = ["a/1"]);
        PeerEndpoint other = await _peers.BindAsync(transport, options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        await using PeerConnection connection = await dialler.DialAsync(
            new EndpointAddress(wanted.Id, [.. other.Address.Addresses, .. wanted.Address.Addresses]), "a/1", Cancellation);
        Assert.Equal(wanted.Id, connection.PeerId);

        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(new EndpointAddress(wanted.Id, other.Address.Addresses), "a/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.WrongPeer, error.Kind);
    }

    [Fact]
    public async Task Where_udp_is_swallowed_the_dial_falls_over_to_tls()
    {
        PeerEndpoint acceptor = await _peers.BindAsync("tls", options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync("msquic+tls");
        using var swallowing = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        swallowing.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        EndpointAddress address = acceptor.Address.With(MsQuicAddress.Create((IPEndPoint)swallowing.LocalEndPoint!));
        await using PeerConnection connection = await dialler.DialAsync(address, "a/1", Cancellation);
        Assert.Equal("tls", connection.Transport);
        Assert.True(TlsAddress.TryGetEndPoint(connection.RemoteAddress, out _));
        Assert.True(swallowing.Available > 0, "QUIC was tried first.");
    }

    [Fact]
    public async Task Of_two_transports_that_both_connect_one_connection_remains()
    {
        PeerEndpoint acceptor = await _peers.BindAsync("msquic+tls");
        await using Router router = await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        PeerEndpoint dialler = await _peers.BindAsync("msquic+tls", options => options.StaggerDelay = TimeSpan.Zero);
        for (int i = 0; i < 10; i++)
        {
            await using PeerConnection connection = await dialler.DialAsync(acceptor.Ticket, "echo/1", Cancellation);
            Assert.Equal("the winner", await TestProtocols.CallEchoAsync(connection, "the winner", Cancellation));
            await Eventually.HoldsAsync(
                () => router.RunningHandlers == 1 && acceptor.Admission is { Connections: 1, Handshakes: 0 },
                () => $"{router.RunningHandlers} handlers, {acceptor.Admission.Connections} connections, {acceptor.Admission.Handshakes} handshakes, "
                    + $"{acceptor.Connections.Count} open, round {i}, {connection}, {connection.Closed.IsCompleted}");
            Assert.Single(dialler.Connections);
            Assert.False(connection.Closed.IsCompleted);
        }

        Assert.Empty(_peers.Log.AtLeast(LogLevel.Warning));
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Nobody_at_the_address_is_an_error_that_says_so(string transport)
    {
        PeerEndpoint gone = await _peers.BindAsync(transport, options => options.Alpns = ["a/1"]);
        EndpointAddress address = gone.Address;
        await gone.CloseAsync(Cancellation);
        PeerEndpoint dialler = await _peers.BindAsync(transport, options => options.DialTimeout = TimeSpan.FromSeconds(5));
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => dialler.DialAsync(address, "a/1", Cancellation).AsTask());
        Assert.True(error.Kind is PeerErrorKind.Unreachable or PeerErrorKind.TimedOut, $"{error.Kind}: {error.Message}");
        Assert.Contains(gone.Id.ToShortString(), error.Message);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Closing_an_endpoint_tells_its_peers(string transport)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(transport, options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        await using PeerConnection dialled = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation);
        await acceptor.CloseAsync(Cancellation);
        ConnectionEnd end = await dialled.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal((PeerErrorKind.ClosedByPeer, ConnectionErrorCodes.ShuttingDown), (end.Kind, end.ErrorCode!.Value));
    }
}
