using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>What a dial that does not come about says, and that it lets go of everything.</summary>
public sealed class TlsDialTests : IDisposable
{
    private readonly TlsPeer _acceptor = new();
    private readonly TlsPeer _dialler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _acceptor.Dispose();
        _dialler.Dispose();
    }

    [Fact]
    public async Task Where_nothing_listens_the_peer_is_unreachable()
    {
        ITransportListener gone = await _acceptor.ListenAsync();
        await gone.DisposeAsync();
        PeerException failure = await _dialler.FailToDialAsync(gone.LocalAddress, _acceptor.Id);
        Assert.Equal(PeerErrorKind.Unreachable, failure.Kind);
        Assert.Contains(gone.LocalAddress.Describe(), failure.Message, StringComparison.Ordinal);
        Assert.Contains("nothing listens there", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_peer_at_the_address_is_the_wrong_peer()
    {
        using var wanted = new TlsPeer();
        await using ITransportListener listener = await _acceptor.ListenAsync();
        PeerException failure = await _dialler.FailToDialAsync(listener.LocalAddress, wanted.Id);
        Assert.Equal(PeerErrorKind.WrongPeer, failure.Kind);
        Assert.Contains(wanted.Id.ToString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains(_acceptor.Id.ToString(), failure.Message, StringComparison.Ordinal);

        // The acceptor's TLS stack was done before the dialler hung up; it must not have accepted that.
        await _dialler.MeetAsync(listener, _acceptor.Id);
    }

    [Fact]
    public async Task No_common_ALPN_names_what_was_offered_and_to_whom()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync();
        PeerException failure = await _dialler.FailToDialAsync(listener.LocalAddress, _acceptor.Id, "p/10", "p/9");
        Assert.Equal(PeerErrorKind.NoCommonAlpn, failure.Kind);
        Assert.Contains("\"p/10\", \"p/9\"", failure.Message, StringComparison.Ordinal);
        Assert.Contains(_acceptor.Id.ToShortString(), failure.Message, StringComparison.Ordinal);
        Assert.Contains(listener.LocalAddress.Describe(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_acceptor_whose_certificate_is_out_of_date_fails_to_authenticate()
    {
        using var dated = new TlsPeer(certificateClock: TimeProvider.System);
        using var future = new TlsPeer(clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(1)));
        await using ITransportListener listener = await dated.ListenAsync();
        PeerException failure = await future.FailToDialAsync(listener.LocalAddress, dated.Id);
        Assert.Equal(PeerErrorKind.AuthenticationFailed, failure.Kind);
        Assert.Contains("was valid until", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dialler_whose_certificate_is_refused_learns_it_from_the_dial()
    {
        using var future = new TlsPeer(clock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(1)));
        using var dated = new TlsPeer(certificateClock: TimeProvider.System);
        await using ITransportListener listener = await future.ListenAsync();
        for (int i = 0; i < 20; i++)
        {
            PeerException failure = await dated.FailToDialAsync(listener.LocalAddress, future.Id);
            Assert.Equal(PeerErrorKind.AuthenticationFailed, failure.Kind);
            Assert.Contains("refused this endpoint's certificate", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_does_not_speak_TLS_is_no_peer()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Task<PeerException> dial = _dialler.FailToDialAsync(AddressOf(server), _acceptor.Id);
        using Socket socket = await server.AcceptSocketAsync(Token);
        await socket.SendAsync(Encoding.ASCII.GetBytes("220 mail.example ESMTP\r\n"), Token);
        PeerException failure = await dial;
        Assert.Equal(PeerErrorKind.AuthenticationFailed, failure.Kind);
        Assert.Contains("does not speak TLS 1.3", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dial_that_nobody_answers_times_out()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var clock = new CountingClock();
        using var dialler = new TlsPeer(clock, handshakeTimeout: TimeSpan.FromSeconds(7));
        Task<PeerException> dial = dialler.FailToDialAsync(AddressOf(server), _acceptor.Id);
        using Socket socket = await server.AcceptSocketAsync(Token);
        await clock.TimersAsync(1);
        clock.Advance(TimeSpan.FromSeconds(7));
        PeerException failure = await dial;
        Assert.Equal(PeerErrorKind.TimedOut, failure.Kind);
        Assert.Contains("7 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains(AddressOf(server).Describe(), failure.Message, StringComparison.Ordinal);
        await ReadToEndAsync(socket);
    }

    [Fact]
    public async Task A_cancelled_dial_lets_go_of_its_socket_at_once()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var cancel = new CancellationTokenSource();
        Task<PeerConnection> dial = _dialler.DialAsync(AddressOf(server), _acceptor.Id, cancel.Token).AsTask();
        using Socket socket = await server.AcceptSocketAsync(Token);
        await cancel.CancelAsync();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => dial.WaitAsync(TlsPeer.Patience, Token));
        Assert.Equal(cancel.Token, cancelled.CancellationToken);
        await ReadToEndAsync(socket);
    }

    [Fact]
    public async Task An_address_of_another_transport_is_not_dialled()
    {
        TransportAddress udp = TransportAddress.Ip(new IPEndPoint(IPAddress.Loopback, 1));
        Assert.False(TlsTransport.Instance.CanDial(udp));
        Assert.Equal(PeerErrorKind.TransportUnsupported, (await _dialler.FailToDialAsync(udp, _acceptor.Id)).Kind);
    }

    [Fact]
    public async Task A_malformed_ALPN_is_the_callers_mistake()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync();
        foreach (string alpn in new[] { string.Empty, "\ud800" })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => _dialler.DialAsync(listener.LocalAddress, _acceptor.Id, null, alpn).AsTask());
            await Assert.ThrowsAsync<ArgumentException>(() => listener.SetAlpnsAsync([alpn], Token).AsTask());
        }
    }

    [Fact]
    public async Task An_ALPN_has_at_most_255_bytes()
    {
        string longest = new('é', 127);
        await using ITransportListener listener = await _acceptor.ListenAsync(alpns: [longest + "x"]);
        await using PeerConnection dialled = await _dialler.DialAsync(listener.LocalAddress, _acceptor.Id, null, longest + "x");
        Assert.Equal(longest + "x", dialled.Alpn);
        ArgumentException failure = await Assert.ThrowsAsync<ArgumentException>(
            () => _dialler.DialAsync(listener.LocalAddress, _acceptor.Id, null, longest + "é").AsTask());
        Assert.Contains("256", failure.Message, StringComparison.Ordinal);
    }

    private static TransportAddress AddressOf(TcpListener server) => TlsAddress.Create((IPEndPoint)server.LocalEndpoint);

    private static async Task ReadToEndAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token).AsTask().WaitAsync(TlsPeer.Patience, Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Reset: let go of all the same.
        }
    }
}
