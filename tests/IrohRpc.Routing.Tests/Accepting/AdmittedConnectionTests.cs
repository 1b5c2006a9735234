using IrohRpc.Tests.Support;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests.Accepting;

/// <summary>Admission and limits, as the peers see them.</summary>
public sealed class AdmittedConnectionTests : IAsyncDisposable
{
    private readonly Peers _peers = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _peers.DisposeAsync();

    [Fact]
    public async Task An_address_that_is_not_admitted_is_refused_before_the_handshake()
    {
        PeerEndpoint acceptor = await AcceptorAsync(options => options.AdmitAddress = _ => false);
        PeerEndpoint dialler = await _peers.BindAsync();
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "echo/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        Assert.Equal(0, acceptor.Admission.Connections);
    }

    [Fact]
    public async Task A_peer_that_is_not_admitted_is_refused_with_the_reason_and_others_are_not()
    {
        PeerEndpoint friend = await _peers.BindAsync();
        PeerEndpoint stranger = await _peers.BindAsync();
        PeerEndpoint acceptor = await AcceptorAsync(options => options.AdmitPeer = id => id == friend.Id);
        PeerException error = await RefusedAsync(stranger, acceptor);
        Assert.Equal(ConnectionErrorCodes.Refused, error.ErrorCode);
        Assert.Equal("this peer is not admitted", error.Reason);
        await using PeerConnection connection = await friend.DialAsync(acceptor.Address, "echo/1", Cancellation);
        Assert.Equal("hello", await TestProtocols.CallEchoAsync(connection, "hello", Cancellation));
        Assert.Empty(_peers.Log.AtLeast(LogLevel.Warning));
    }

    [Fact]
    public async Task A_rule_that_throws_refuses_and_is_logged()
    {
        PeerEndpoint acceptor = await AcceptorAsync(options => options.AdmitPeer = _ => throw new InvalidOperationException("a bug"));
        await RefusedAsync(await _peers.BindAsync(), acceptor);
        Assert.Contains(_peers.Log.AtLeast(LogLevel.Error), line => line.Message.Contains("AdmitPeer"));
    }

    [Fact]
    public async Task One_connection_too_many_of_a_peer_is_refused_until_another_ends()
    {
        PeerEndpoint acceptor = await AcceptorAsync(options => options.Limits.MaxConnectionsPerPeer = 2);
        PeerEndpoint dialler = await _peers.BindAsync();
        PeerEndpoint other = await _peers.BindAsync();
        await using PeerConnection first = await EchoingAsync(dialler, acceptor);
        await using PeerConnection second = await EchoingAsync(dialler, acceptor);
        PeerException error = await RefusedAsync(dialler, acceptor);
        Assert.Equal("there are too many connections of this peer", error.Reason);
        await using PeerConnection others = await EchoingAsync(other, acceptor);
        await first.DisposeAsync();
        await Eventually.HoldsAsync(() => acceptor.Admission.ConnectionsOf(dialler.Id) == 1);
        await using PeerConnection third = await EchoingAsync(dialler, acceptor);
    }

    [Fact]
    public async Task One_connection_too_many_from_an_address_is_refused_until_another_ends()
    {
        PeerEndpoint acceptor = await AcceptorAsync(options => options.Limits.MaxConnectionsPerAddress = 1);
        PeerEndpoint dialler = await _peers.BindAsync();
        await using PeerConnection first = await EchoingAsync(dialler, acceptor);
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => dialler.DialAsync(acceptor.Address, "echo/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        await using PeerConnection others = await EchoingAsync(await _peers.BindAsync(), acceptor);
        await first.DisposeAsync();
        await Eventually.HoldsAsync(() => acceptor.Admission.Connections == 1);
        await using PeerConnection second = await EchoingAsync(dialler, acceptor);
    }

    [Fact]
    public async Task The_total_is_limited_and_what_is_dialled_does_not_count()
    {
        PeerEndpoint acceptor = await AcceptorAsync(options => options.Limits.MaxConnections = 1);
        PeerEndpoint target = await AcceptorAsync();
        await using PeerConnection own = await EchoingAsync(acceptor, target);
        await using PeerConnection first = await EchoingAsync(await _peers.BindAsync(), acceptor);
        PeerEndpoint late = await _peers.BindAsync();
        PeerException error = await Assert.ThrowsAsync<PeerException>(
            () => late.DialAsync(acceptor.Address, "echo/1", Cancellation).AsTask());
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_comes_while_the_endpoint_is_being_bound_is_turned_away_unless_it_has_alpns_already(bool hasAlpns)
    {
        var transport = new EarlyVisitor(_peers.Network.Transport);
        await _peers.BindAsync(options =>
        {
            options.Transports = [transport];
            options.Alpns = hasAlpns ? ["echo/1"] : [];
        });
        Assert.Equal(hasAlpns, transport.WasAdmitted);
    }

    private async Task<PeerEndpoint> AcceptorAsync(Action<PeerEndpointOptions>? change = null)
    {
        PeerEndpoint acceptor = await _peers.BindAsync(change);
        await acceptor.Route().Map("echo/1", TestProtocols.EchoAsync).StartAsync(Cancellation);
        return acceptor;
    }

    private static async Task<PeerConnection> EchoingAsync(PeerEndpoint dialler, PeerEndpoint acceptor)
    {
        PeerConnection connection = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
        Assert.Equal("on", await TestProtocols.CallEchoAsync(connection, "on", Cancellation));
        return connection;
    }

    // The refusal comes after the handshake: whether the dial fails or the first use of the connection is a matter of timing.
    private static async Task<PeerException> RefusedAsync(PeerEndpoint dialler, PeerEndpoint acceptor)
    {
        PeerException error = await Assert.ThrowsAsync<PeerException>(async () =>
        {
            await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, "echo/1", Cancellation);
            await TestProtocols.CallEchoAsync(connection, "let me in", Cancellation);
        });
        Assert.Equal(PeerErrorKind.Refused, error.Kind);
        return error;
    }

    /// <summary>A transport on whose listener somebody knocks before the endpoint has it.</summary>
    private sealed class EarlyVisitor(ITransport inner) : ITransport
    {
        public string Name => inner.Name;

        public string? UnsupportedReason => inner.UnsupportedReason;

        public bool? WasAdmitted { get; private set; }

        public bool CanDial(TransportAddress address) => inner.CanDial(address);

        public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
            => inner.DialAsync(address, request, cancellationToken);

        public async ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
        {
            ITransportListener listener = await inner.ListenAsync(request, cancellationToken);
            using IHandshakeLease? lease = request.Admission!.TryAdmit(listener.LocalAddress);
            WasAdmitted = lease is not null;
            return listener;
        }
    }
}
