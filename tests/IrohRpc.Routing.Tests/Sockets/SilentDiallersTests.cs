using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Sockets;

/// <summary>Strangers that connect over TCP and stop somewhere in the handshake. Whoever dials and speaks gets in all the same.</summary>
public sealed class SilentDiallersTests : IAsyncDisposable
{
    private const string Alpn = "a/1";

    private readonly SocketPeers _peers = new();
    private readonly List<IDisposable> _strangers = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _strangers.ForEach(static stranger => stranger.Dispose());
        await _peers.DisposeAsync();
    }

    [Theory]
    [InlineData(256)]
    [InlineData(2_000)]
    public Task Connections_that_say_nothing_keep_no_dialler_out(int count) => MeetBesideAsync(count, static (_, _) => Task.CompletedTask);

    [Theory]
    [InlineData(256)]
    [InlineData(2_000)]
    public async Task Handshakes_that_stop_after_their_first_message_keep_no_dialler_out(int count)
    {
        byte[] hello = await FirstMessageAsync();
        await MeetBesideAsync(count, async (stream, _) => await stream.WriteAsync(hello, Cancellation));
    }

    [Fact]
    public Task Connections_that_authenticate_and_say_nothing_keep_no_dialler_out() => MeetBesideAsync(150, async (stream, certificate) =>
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: true);
        _strangers.Add(tls);
        await tls.AuthenticateAsClientAsync(ClientOptions(certificate), Cancellation);
    });

    /// <summary>One datagram of a dial that somebody saw, sent again from other ports: who gets the answers never asked.</summary>
    [Theory]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task A_first_datagram_that_is_repeated_from_many_ports_keeps_no_dialler_out(string transport)
    {
        PeerEndpoint acceptor = await BindAsync(transport);
        PeerEndpoint dialler = await _peers.BindAsync(transport);
        byte[] initial = await FirstDatagramAsync(transport, acceptor.Id);
        Assert.True(acceptor.Address.Addresses[0].TryGetIPEndPoint(out IPEndPoint? endPoint));
        for (int i = 0; i < 600; i++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await socket.SendToAsync(initial, endPoint, Cancellation);
            if (i >= 300 && i % 50 == 5)
            {
                await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, Alpn, Cancellation);
                await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation);
                Assert.Equal(dialler.Id, accepted.PeerId);
            }
        }
    }

    [Fact]
    public async Task A_server_that_says_nothing_keeps_no_other_dial_waiting()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        PeerEndpoint acceptor = await BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync("tls");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var key = SecretKey.Generate();
        TransportAddress address = TlsAddress.Create((IPEndPoint)silent.LocalEndpoint);
        Task[] waiting = [.. Enumerable.Range(0, 300).Select(_ => dialler.DialAsync(new EndpointAddress(key.Id, [address]), Alpn, stop.Token).AsTask())];
        await using (PeerConnection met = await dialler.DialAsync(acceptor.Address, Alpn, Cancellation))
        {
            Assert.DoesNotContain(waiting, static dial => dial.IsCompleted);
        }

        await stop.CancelAsync();
        await Assert.AllAsync(waiting, static dial => Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial));
    }

    // Each honest dial meets the strangers that came before, and as many come while it goes on.
    private async Task MeetBesideAsync(int count, Func<NetworkStream, X509Certificate2, Task> speak)
    {
        PeerEndpoint acceptor = await BindAsync();
        PeerEndpoint dialler = await _peers.BindAsync("tls");
        using var key = SecretKey.Generate();
        using var certificates = new PeerCertificateSource(key);
        Assert.True(TlsAddress.TryGetEndPoint(acceptor.Address.Addresses[0], out IPEndPoint? endPoint));
        int met = 0;
        for (int i = 0; i < count; i++)
        {
            try
            {
                var tcp = new TcpClient(endPoint.AddressFamily);
                _strangers.Add(tcp);
                await tcp.ConnectAsync(endPoint, Cancellation);
                await speak(tcp.GetStream(), certificates.Current);
            }
            catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException)
            {
                // Given up already.
            }

            if (i >= Math.Min(count, 256) - 1 && i % 50 == 5)
            {
                await using PeerConnection connection = await dialler.DialAsync(acceptor.Address, Alpn, Cancellation);
                await using PeerConnection accepted = await acceptor.AcceptAsync(Cancellation);
                Assert.Equal(dialler.Id, accepted.PeerId);
                met++;
            }
        }

        await using PeerConnection last = await dialler.DialAsync(acceptor.Address, Alpn, Cancellation);
        Assert.True(count < 300 || met >= 10);
    }

    // One address, so that strangers and diallers share what one address may have.
    private Task<PeerEndpoint> BindAsync(string transport = "tls") => _peers.BindAsync(transport, static options =>
    {
        options.ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)];
        options.Alpns = [Alpn];
    }).AsTask();

    // The same over UDP, where nobody has to have a connection for it.
    private async Task<byte[]> FirstDatagramAsync(string transport, EndpointId id)
    {
        using var trap = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        trap.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var at = (IPEndPoint)trap.LocalEndPoint!;
        PeerEndpoint victim = await _peers.BindAsync(transport);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        TransportAddress address = transport == "msquic" ? MsQuicAddress.Create(at) : TransportAddress.Ip(at);
        Task dial = victim.DialAsync(new EndpointAddress(id, [address]), Alpn, stop.Token).AsTask();
        byte[] buffer = new byte[2048];
        SocketReceiveFromResult received = await trap.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial);
        return buffer[..received.ReceivedBytes];
    }

    // What a dialler says first, caught before it leaves.
    private static async Task<byte[]> FirstMessageAsync()
    {
        using var key = SecretKey.Generate();
        using var certificates = new PeerCertificateSource(key);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        using TcpClient server = await listener.AcceptTcpClientAsync(Cancellation);
        await using var tls = new SslStream(client.GetStream());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task shaking = tls.AuthenticateAsClientAsync(ClientOptions(certificates.Current), stop.Token);
        byte[] buffer = new byte[16 * 1024];
        int read = await server.GetStream().ReadAsync(buffer, Cancellation);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shaking);
        return buffer[..read];
    }

    private static SslClientAuthenticationOptions ClientOptions(X509Certificate2 certificate) => new()
    {
        TargetHost = string.Empty,
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [new SslApplicationProtocol(Alpn)],
        ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
#pragma warning disable CA5359 // It is the acceptor that is tested.
        RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
    };
}
