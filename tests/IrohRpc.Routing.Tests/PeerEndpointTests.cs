using IrohRpc.Tests.Support;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests;

public sealed class PeerEndpointTests : IAsyncDisposable
{
    private readonly Peers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Fact]
    public async Task Two_endpoints_meet_by_ticket_and_know_each_other()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["hello/1"]);
        PeerEndpoint dialler = await _peers.BindAsync();
        Task<PeerConnection> accept = acceptor.AcceptAsync(Cancellation).AsTask();
        await using PeerConnection dialled = await dialler.DialAsync(EndpointTicket.Parse(acceptor.Ticket.ToString()), "hello/1", Cancellation);
        await using PeerConnection accepted = await accept.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(acceptor.Id, dialled.PeerId);
        Assert.Equal(dialler.Id, accepted.PeerId);
        Assert.Equal("hello/1", accepted.Alpn);
        Assert.Contains(dialled.RemoteAddress, acceptor.Address.Addresses);
    }

    [Fact]
    public async Task The_acceptors_order_of_alpns_decides()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        await acceptor.SetAlpnsAsync(["p/10", "p/9"], Cancellation);
        PeerEndpoint dialler = await _peers.BindAsync();
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, ["p/9", "p/10"], Cancellation);
        Assert.Equal("p/10", connection.Alpn);
    }

    [Fact]
    public async Task Alpns_that_are_set_later_hold_for_later_handshakes()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync();
        await using PeerConnection before = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await acceptor.SetAlpnsAsync(["b/1"], Cancellation);
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "a/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, error.Kind);
        Assert.False(before.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_fresh_endpoint_turns_everybody_away_until_it_serves_something()
    {
        PeerEndpoint acceptor = await _peers.BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync();
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "a/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, error.Kind);

        Router router = await acceptor.Route().Map("a/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        await using (PeerConnection connection = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation))
        {
            Assert.Equal("up", await TestProtocols.CallEchoAsync(connection, "up", Cancellation));
        }

        await router.ShutdownAsync(Cancellation);
        error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "a/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        await using Router next = await acceptor.Route().Map("b/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "a/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, error.Kind);
    }

    [Fact]
    public async Task An_endpoint_can_dial_itself()
    {
        PeerEndpoint endpoint = await _peers.BindAsync(options => options.Alpns = ["self/1"]);
        await using PeerConnection dialled = await endpoint.DialAsync(endpoint.Address, "self/1", Cancellation);
        await using PeerConnection accepted = await endpoint.AcceptAsync(Cancellation);
        Assert.Equal(endpoint.Id, dialled.PeerId);
        Assert.Equal(endpoint.Id, accepted.PeerId);
    }

    [Fact]
    public async Task The_same_endpoint_dials_and_accepts_at_once()
    {
        PeerEndpoint one = await _peers.BindAsync();
        PeerEndpoint other = await _peers.BindAsync();
        await using Router first = await one.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        await using Router second = await other.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        await using PeerConnection there = await one.DialAsync(other.Address, "echo/1", Cancellation);
        await using PeerConnection back = await other.DialAsync(one.Address, "echo/1", Cancellation);
        Assert.Equal("there", await TestProtocols.CallEchoAsync(there, "there", Cancellation));
        Assert.Equal("back", await TestProtocols.CallEchoAsync(back, "back", Cancellation));
    }

    [Fact]
    public async Task A_given_key_is_the_endpoints_id_and_stays_the_callers()
    {
        using var key = SecretKey.Generate();
        PeerEndpoint endpoint = await _peers.BindAsync(options => options.SecretKey = key);
        Assert.Equal(key.Id, endpoint.Id);
        await endpoint.CloseAsync(Cancellation);
        Assert.Equal(SecretKey.SignatureSize, key.Sign("still usable"u8).Length);
    }

    [Fact]
    public async Task Closing_closes_every_connection_and_the_peer_sees_the_code()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync();
        await using PeerConnection dialled = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation);
        await dialler.CloseAsync(Cancellation);
        ConnectionEnd end = await accepted.Closed.WaitAsync(Peers.Bound, Cancellation);
        Assert.Equal(PeerErrorKind.ClosedByPeer, end.Kind);
        Assert.Equal(ConnectionErrorCodes.ShuttingDown, end.ErrorCode);
        Assert.True(dialled.Closed.IsCompleted);
    }

    [Fact]
    public async Task Ended_connections_are_forgotten()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync();
        for (int i = 0; i < 50; i++)
        {
            await using PeerConnection dialled = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
            await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation);
            await Eventually.HoldsAsync(() => dialler.Connections.Count == 1);
            await dialled.CloseAsync(0, cancellationToken: Cancellation);
            await accepted.Closed.WaitAsync(Peers.Bound, Cancellation);
        }

        await Eventually.HoldsAsync(() => dialler.Connections.Count == 0 && acceptor.Connections.Count == 0);
        await Eventually.HoldsAsync(() => acceptor.Admission is { Connections: 0, Handshakes: 0, Keys: (0, 0) });
    }

    [Fact]
    public async Task A_connection_that_ended_before_it_was_accepted_is_not_handed_out()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync();
        PeerConnection gone = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await Eventually.HoldsAsync(() => acceptor.Connections.Count == 1);
        await gone.DisposeAsync();
        await Eventually.HoldsAsync(() => acceptor.Connections.Count == 0);
        await using PeerConnection alive = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation).AsTask().WaitAsync(Peers.Bound, Cancellation);
        Assert.False(accepted.Closed.IsCompleted);
    }

    [Fact]
    public async Task Closing_ends_a_pending_accept_and_refuses_later_calls()
    {
        PeerEndpoint endpoint = await _peers.BindAsync();
        Task<PeerConnection> accept = endpoint.AcceptAsync(Cancellation).AsTask();
        Task first = endpoint.CloseAsync(Cancellation).AsTask();
        Task second = endpoint.DisposeAsync().AsTask();
        await Task.WhenAll(first, second).WaitAsync(Peers.Bound, Cancellation);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accept);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => endpoint.AcceptAsync(Cancellation).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => endpoint.SetAlpnsAsync(["a/1"], Cancellation).AsTask());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => endpoint.Route().StartAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task A_cancelled_accept_loses_no_connection()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<PeerConnection> accept = acceptor.AcceptAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accept);
        await using PeerConnection dialled = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation).AsTask().WaitAsync(Peers.Bound, Cancellation);
    }

    [Fact]
    public async Task Accepting_by_hand_and_by_router_exclude_each_other_with_a_clear_error()
    {
        PeerEndpoint routed = await _peers.BindAsync();
        Router router = await routed.Route().Map("a/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => routed.AcceptAsync(Cancellation).AsTask());
        Assert.Contains("router", error.Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => routed.SetAlpnsAsync(["b/1"], Cancellation).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => routed.Route().StartAsync(Cancellation).AsTask());

        PeerEndpoint byHand = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        error = await Assert.ThrowsAsync<InvalidOperationException>(() => byHand.Route().StartAsync(Cancellation).AsTask());
        Assert.Contains("by hand", error.Message);
        await router.DisposeAsync();
    }

    [Fact]
    public async Task An_endpoint_that_does_not_listen_dials_and_says_so_when_asked_to_accept()
    {
        PeerEndpoint acceptor = await _peers.BindAsync(options => options.Alpns = ["a/1"]);
        PeerEndpoint dialler = await _peers.BindAsync(options => options.ListenOn = []);
        Assert.Empty(dialler.Address.Addresses);
        await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "a/1", Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => dialler.AcceptAsync(Cancellation).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => dialler.Route().StartAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task A_transport_without_ip_addresses_listens_once_whatever_is_listened_on()
    {
        PeerEndpoint endpoint = await _peers.BindAsync();
        Assert.Single(endpoint.Address.Addresses);
    }

    [Fact]
    public async Task A_transport_that_is_missing_is_left_out_and_logged_once()
    {
        PeerEndpoint endpoint = await _peers.BindAsync(options =>
            options.Transports = [new ScriptedTransport("quic", 1) { UnsupportedReason = "libmsquic is missing" }, _peers.Network.Transport]);
        Assert.Equal([new UnavailableTransport("quic", "libmsquic is missing")], endpoint.UnavailableTransports);
        LogLine line = Assert.Single(_peers.Log.Lines, line => line.Message.Contains("libmsquic"));
        Assert.Equal(LogLevel.Information, line.Level);
    }

    [Fact]
    public async Task When_every_transport_is_missing_binding_fails_and_says_why()
    {
        var options = new PeerEndpointOptions
        {
            Transports = [new ScriptedTransport("quic", 1) { UnsupportedReason = "libmsquic is missing" }],
        };
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => PeerEndpoint.BindAsync(options, Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.TransportUnsupported, error.Kind);
        Assert.Contains("libmsquic is missing", error.Message);
    }

    [Fact]
    public async Task Five_endpoints_speak_each_with_each()
    {
        var endpoints = new List<PeerEndpoint>();
        for (int i = 0; i < 5; i++)
        {
            PeerEndpoint endpoint = await _peers.BindAsync();
            await endpoint.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
            endpoints.Add(endpoint);
        }

        await Mesh.CallEachFromEachAsync(endpoints, "echo/1");
    }
}
