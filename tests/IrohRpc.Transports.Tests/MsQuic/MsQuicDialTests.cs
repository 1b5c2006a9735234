using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.Tests.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Transports.Tests.MsQuic;

/// <summary>How each failure of a dial looks from both sides.</summary>
public sealed class MsQuicDialTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Acceptor_that_refuses_the_certificate_fails_the_dial_and_logs_why()
    {
        using var acceptor = new MsQuicPeer();
        using var expired = new MsQuicPeer(certificateClock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(-10)));
        await using ITransportListener listener = await acceptor.ListenAsync();
        PeerException failure = await expired.FailToDialAsync(listener.LocalAddress, acceptor.Id);
        Assert.Equal(PeerErrorKind.AuthenticationFailed, failure.Kind);
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
        LogLine line = await acceptor.Log.WhenAsync(line => line.Text.Contains("could not prove who it is", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Debug, line.Level);
    }

    [Fact]
    public async Task Acceptor_whose_certificate_is_refused_fails_the_dial_with_the_reason()
    {
        using var expired = new MsQuicPeer(certificateClock: new FakeTimeProvider(DateTimeOffset.UtcNow.AddYears(-10)));
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await expired.ListenAsync();
        PeerException failure = await dialler.FailToDialAsync(listener.LocalAddress, expired.Id);
        Assert.Equal(PeerErrorKind.AuthenticationFailed, failure.Kind);
        await expired.Log.WhenAsync(line => line.Text.Contains("UserCanceled", StringComparison.Ordinal) && line.Level == LogLevel.Debug);
    }

    [Fact]
    public async Task Refusal_by_admission_is_named_at_both_ends()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(new Refusing());
        PeerException failure = await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id);
        Assert.Equal(PeerErrorKind.Refused, failure.Kind);
        await acceptor.Log.WhenAsync(line => line.Text.Contains("admission said no", StringComparison.Ordinal) && line.Level == LogLevel.Debug);
    }

    [Fact]
    public async Task Admission_that_throws_refuses_one_connection_and_is_an_error_in_the_log()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(new Throwing());
        Assert.Equal(PeerErrorKind.Refused, (await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id)).Kind);
        await acceptor.Log.WhenAsync(line => line.Level == LogLevel.Error);
        await dialler.MeetAsync(listener, acceptor.Id);
    }

    [Fact]
    public async Task Port_where_nobody_listens_is_unreachable()
    {
        using var dialler = new MsQuicPeer();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        TransportAddress dead = MsQuicAddress.Create((IPEndPoint)socket.LocalEndPoint!);
        socket.Dispose();
        Assert.Equal(PeerErrorKind.Unreachable, (await dialler.FailToDialAsync(dead, dialler.Id)).Kind);
    }

    [Fact]
    public async Task Time_out_follows_the_settings_clock_and_ends_the_dial_at_once()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var dialler = new MsQuicPeer(clock);
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Task<PeerException> failing = dialler.FailToDialAsync(MsQuicAddress.Create((IPEndPoint)silent.LocalEndPoint!), dialler.Id);
        await silent.ReceiveAsync(new byte[2000], Token).Bounded();
        clock.Advance(dialler.Settings.HandshakeTimeout);
        Assert.Equal(PeerErrorKind.TimedOut, (await failing).Kind);
    }

    [Fact]
    public async Task IPv6_works_as_IPv4_does()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(at: new IPEndPoint(IPAddress.IPv6Loopback, 0));
        await dialler.MeetAsync(listener, acceptor.Id);
    }

    [Fact]
    public async Task Garbage_on_the_port_disturbs_nobody()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        using var stranger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] garbage = new byte[1 + random.Next(1500)];
            random.NextBytes(garbage);
            if (i % 2 == 0)
            {
                // The form of a QUIC version 1 Initial (RFC 9000, section 17.2.2), and nonsense after it.
                garbage[0] |= 0xc0;
                new byte[] { 0, 0, 0, 1, 8 }.AsSpan(0, Math.Min(5, garbage.Length - 1)).CopyTo(garbage.AsSpan(1));
            }

            await stranger.SendToAsync(garbage, listener.LocalAddress.ToIPEndPoint(), Token);
        }

        await dialler.MeetAsync(listener, acceptor.Id);
        Assert.DoesNotContain(acceptor.Log.Lines, line => line.Level > LogLevel.Debug);
    }

    private sealed class Refusing : IHandshakeAdmission
    {
        public IHandshakeLease? TryAdmit(TransportAddress remoteAddress) => null;
    }

    private sealed class Throwing : IHandshakeAdmission
    {
        private int _asked;

        public IHandshakeLease? TryAdmit(TransportAddress remoteAddress)
            => Interlocked.Increment(ref _asked) == 1 ? throw new InvalidOperationException("broken rule") : new Lease();
    }

    private sealed class Lease : IHandshakeLease
    {
        public void HandshakeCompleted(EndpointId peerId)
        {
        }

        public void Dispose()
        {
        }
    }
}
