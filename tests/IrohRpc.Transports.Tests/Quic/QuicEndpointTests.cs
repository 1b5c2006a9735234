using System.Net;
using System.Net.Sockets;
using IrohRpc.Identity;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.Tests.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Transports.Tests.Quic;

/// <summary>What the UDP endpoint does for its connections, over real sockets on loopback.</summary>
public sealed class QuicEndpointTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly SecretKey _serverKey = SecretKey.Generate();
    private readonly SecretKey _clientKey = SecretKey.Generate();
    private readonly List<IAsyncDisposable> _owned = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Enumerable.Reverse(_owned))
        {
            await owned.DisposeAsync();
        }

        _serverKey.Dispose();
        _clientKey.Dispose();
    }

    [Fact]
    public async Task Dials_leave_from_the_port_that_the_endpoint_listens_on()
    {
        TransportSettings settings = Settings(_clientKey);
        ITransportListener own = await ListenAsync(settings);
        (ITransportListener listener, PeerConnection dialled, PeerConnection accepted) = await ConnectAsync(settings);
        Assert.Equal(own.LocalAddress, dialled.LocalAddress);
        Assert.Equal(own.LocalAddress, accepted.RemoteAddress);
        Assert.NotEqual(own.LocalAddress, listener.LocalAddress);
    }

    [Fact]
    public async Task A_peer_that_lost_its_state_says_so_at_once()
    {
        // Two processes with one key, of which the second knows nothing of the first's connections, at what looks like one address.
        ITransportListener before = await ListenAsync(Settings(_serverKey));
        ITransportListener after = await ListenAsync(Settings(_serverKey));
        var path = new UdpForwarder(before.LocalAddress.ToIPEndPoint(), TransportAddress.Ip);
        _owned.Add(path);
        PeerConnection dialled = await DialAsync(path.Address, Settings(_clientKey));
        await AcceptAsync(before);
        path.Redirect(after.LocalAddress.ToIPEndPoint());
        PeerStream stream = await dialled.OpenUnidirectionalStreamAsync(Token);
        await stream.WriteAsync(new byte[2000], Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext); // the end may come first
        ConnectionEnd end = await dialled.Closed.WaitAsync(TimeSpan.FromSeconds(5), Token);
        Assert.Equal(PeerErrorKind.ConnectionLost, end.Kind);
        Assert.Contains("restarted", end.Exception!.Message);
    }

    [Fact]
    public async Task A_second_connection_resumes_the_first_ones_session()
    {
        TransportSettings settings = Settings(_clientKey);
        ITransportListener listener = await ListenAsync(Settings(_serverKey));
        for (int i = 0; i < 3; i++)
        {
            PeerConnection dialled = await DialAsync(listener.LocalAddress, settings);
            PeerConnection accepted = await AcceptAsync(listener);
            await RoundTripAsync(dialled, accepted);
            Assert.Equal(i > 0, ((QuicPeerConnection)dialled).Io.Core.Tls.IsResumed);
            Assert.Equal(_clientKey.Id, accepted.PeerId);
            await dialled.CloseAsync(0, "", Token);
        }
    }

    [Fact]
    public async Task Timers_of_a_connection_that_is_busy_and_idle_in_turn_do_not_pile_up()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        ITransportListener listener = await ListenAsync(Settings(_serverKey, clock));
        PeerConnection dialled = await DialAsync(listener.LocalAddress, Settings(_clientKey, clock));
        PeerConnection accepted = await AcceptAsync(listener);
        for (int i = 0; i < 50; i++)
        {
            await RoundTripAsync(dialled, accepted);

            // Longer than an acknowledgement may wait, and far from the idle time-out.
            clock.Advance(TimeSpan.FromMilliseconds(100));
            await RoundTripAsync(dialled, accepted);
        }

        // Stale entries go at their time, the last of them after the longest time-out that there is.
        for (int i = 0; i < 60; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await RoundTripAsync(dialled, accepted);
        }

        Assert.InRange(((QuicPeerConnection)dialled).Io.Endpoint.TimerCount, 0, 40);
        Assert.InRange(((QuicPeerConnection)accepted).Io.Endpoint.TimerCount, 0, 40);
    }

    [Fact]
    public async Task A_session_is_not_resumed_where_that_is_turned_off()
    {
        var transport = new QuicTransport(new QuicTransportOptions { ResumesSessions = false });
        TransportSettings settings = Settings(_clientKey);
        ITransportListener listener = await ListenAsync(Settings(_serverKey), transport);
        for (int i = 0; i < 2; i++)
        {
            PeerConnection dialled = await DialAsync(listener.LocalAddress, settings, transport);
            await RoundTripAsync(dialled, await AcceptAsync(listener));
            Assert.False(((QuicPeerConnection)dialled).Io.Core.Tls.IsResumed);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connections_come_about_when_each_client_has_to_answer_a_Retry(bool isPlain)
    {
        var transport = new QuicTransport(new QuicTransportOptions { AlwaysRetries = true, UsesPlainSockets = isPlain });
        ITransportListener listener = await ListenAsync(Settings(_serverKey), transport);
        PeerConnection dialled = await DialAsync(listener.LocalAddress, Settings(_clientKey), transport);
        await RoundTripAsync(dialled, await AcceptAsync(listener));
    }

    [Fact]
    public async Task A_flood_from_addresses_that_never_answer_locks_nobody_out()
    {
        ITransportListener listener = await ListenAsync(Settings(_serverKey));
        byte[] initial = await CaptureInitialAsync();
        var sources = new List<Socket>();
        try
        {
            for (int i = 0; i < 500; i++)
            {
                var source = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                sources.Add(source);

                // Another connection id each time: a repeated one is one handshake only.
                initial[6 + (i % 8)]++;
                source.SendTo(initial, listener.LocalAddress.ToIPEndPoint());
            }

            PeerConnection dialled = await DialAsync(listener.LocalAddress, Settings(_clientKey));
            await RoundTripAsync(dialled, await AcceptAsync(listener));
        }
        finally
        {
            sources.ForEach(source => source.Dispose());
        }
    }

    [Fact]
    public async Task Garbage_costs_nobody_anything()
    {
        (ITransportListener listener, PeerConnection dialled, PeerConnection accepted) = await ConnectAsync(Settings(_clientKey));
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        byte[] initial = await CaptureInitialAsync();
        var random = new Random(7);
        for (int i = 0; i < 2000; i++)
        {
            byte[] datagram = new byte[random.Next(1, 1500)];
            random.NextBytes(datagram);
            if (i % 2 == 0)
            {
                initial.AsSpan(0, Math.Min(datagram.Length, random.Next(1, initial.Length))).CopyTo(datagram);
            }

            socket.SendTo(datagram, listener.LocalAddress.ToIPEndPoint());
        }

        // What iroh 0.35 sends beside QUIC.
        byte[] disco = [0x54, 0x53, 0xf0, 0x9f, 0x92, 0xac, .. new byte[100]];
        socket.SendTo(disco, listener.LocalAddress.ToIPEndPoint());
        await RoundTripAsync(dialled, accepted);
        PeerConnection another = await DialAsync(listener.LocalAddress, Settings(_clientKey));
        await RoundTripAsync(another, await AcceptAsync(listener));
    }

    [Fact]
    public async Task Nothing_is_left_when_everything_has_ended()
    {
        TransportSettings settings = Settings(_clientKey);
        (ITransportListener listener, PeerConnection dialled, PeerConnection accepted) = await ConnectAsync(settings);
        var node = ((QuicPeerConnection)dialled).Io.Endpoint;
        var far = ((QuicPeerConnection)accepted).Io.Endpoint;
        await dialled.CloseAsync(1, "", Token);
        await accepted.Closed.WaitAsync(Patience, Token);
        await listener.DisposeAsync();
        long start = TimeProvider.System.GetTimestamp();
        while ((node.ConnectionCount > 0 || far.ConnectionCount > 0) && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Yield();
        }

        Assert.Equal((0, 0, 0, 0), (node.ConnectionCount, far.ConnectionCount, node.RouteCount, far.RouteCount));
        Assert.Equal(0, far.PendingHandshakeCount);
    }

    private static TransportSettings Settings(SecretKey key, TimeProvider? clock = null)
        => new() { Certificates = new PeerCertificateSource(key), TimeProvider = clock ?? TimeProvider.System };

    private static async Task RoundTripAsync(PeerConnection near, PeerConnection far)
    {
        await using PeerStream there = await near.OpenBidirectionalStreamAsync(Token).AsTask().WaitAsync(Patience, Token);
        await there.WriteAsync(new byte[] { 1, 2, 3 }, completeWrites: true, Token).AsTask().WaitAsync(Patience, Token);
        await using PeerStream here = await far.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(Patience, Token);
        await here.CopyToAsync(here, Token).WaitAsync(Patience, Token);
        here.CompleteWrites();
        var answer = new MemoryStream();
        await there.CopyToAsync(answer, Token).WaitAsync(Patience, Token);
        Assert.Equal([1, 2, 3], answer.ToArray());
    }

    private async Task<byte[]> CaptureInitialAsync()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var cancellation = new CancellationTokenSource();
        Task dial = QuicTransport.Instance.DialAsync(
            TransportAddress.Ip((IPEndPoint)silent.LocalEndPoint!),
            new DialRequest(_serverKey.Id, ["test/1"], Settings(_clientKey)),
            cancellation.Token).AsTask();
        byte[] buffer = new byte[1500];
        int length = await silent.ReceiveAsync(buffer, Token).AsTask().WaitAsync(Patience, Token);
        await cancellation.CancelAsync();
        await dial.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return buffer[..length];
    }

    private async Task<(ITransportListener Listener, PeerConnection Dialled, PeerConnection Accepted)> ConnectAsync(TransportSettings settings)
    {
        ITransportListener listener = await ListenAsync(Settings(_serverKey));
        PeerConnection dialled = await DialAsync(listener.LocalAddress, settings);
        return (listener, dialled, await AcceptAsync(listener));
    }

    private async Task<ITransportListener> ListenAsync(TransportSettings settings, QuicTransport? transport = null)
    {
        ITransportListener listener = await (transport ?? QuicTransport.Instance).ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), ["test/1"], settings), Token);
        _owned.Add(listener);
        return listener;
    }

    private async Task<PeerConnection> DialAsync(TransportAddress address, TransportSettings settings, QuicTransport? transport = null)
    {
        PeerConnection connection = await (transport ?? QuicTransport.Instance)
            .DialAsync(address, new DialRequest(_serverKey.Id, ["test/1"], settings), Token).AsTask().WaitAsync(Patience, Token);
        _owned.Add(connection);
        return connection;
    }

    private async Task<PeerConnection> AcceptAsync(ITransportListener listener)
    {
        PeerConnection connection = await listener.AcceptAsync(Token).AsTask().WaitAsync(Patience, Token);
        _owned.Add(connection);
        return connection;
    }
}
