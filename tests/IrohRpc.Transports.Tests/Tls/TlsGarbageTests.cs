using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Whatever strangers send to the port costs their own connection and a log line at debug level.</summary>
public sealed class TlsGarbageTests : IDisposable
{
    private readonly TlsPeer _acceptor = new();
    private readonly TlsPeer _dialler = new();

    public static TheoryData<string> Openings => new(["random", "http", "ssh", "zeros", "nothing", "tls-alert", "huge-tls-record"]);

    public void Dispose()
    {
        _acceptor.Dispose();
        _dialler.Dispose();
    }

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task Garbage_costs_only_its_own_connection(string opening)
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _acceptor.ListenAsync(admission);
        using (Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress))
        {
            await stranger.Raw.WriteAsync(Bytes(opening), TestContext.Current.CancellationToken);
            stranger.CompleteWrites();
            await stranger.ReadToEndAsync();
        }

        await AssertRefusedAsync(listener, admission, "The handshake of tls 127.0.0.1:");
    }

    [Fact]
    public async Task An_older_TLS_is_refused()
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _acceptor.ListenAsync(admission);
        using (Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress))
        {
            await Assert.ThrowsAsync<AuthenticationException>(
#pragma warning disable CA5398, CA5397 // An old version is the point.
                () => stranger.ShakeHandsAsync(_dialler.Certificates.Current, protocols: SslProtocols.Tls12));
#pragma warning restore CA5398, CA5397
        }

        await AssertRefusedAsync(listener, admission, "unsupported protocol");
    }

    [Fact]
    public async Task A_dialler_without_certificate_is_refused()
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _acceptor.ListenAsync(admission);
        await ShakeHandsAndReadToEndAsync(listener, null);
        await AssertRefusedAsync(listener, admission, "showed no certificate");
    }

    [Fact]
    public async Task A_certificate_that_is_bound_to_no_identity_is_refused()
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _acceptor.ListenAsync(admission);
        using X509Certificate2 unbound = Stranger.UnboundCertificate();
        await ShakeHandsAndReadToEndAsync(listener, unbound);
        await AssertRefusedAsync(listener, admission, "names no identity");
    }

    [Fact]
    public async Task A_dialler_that_offers_no_ALPN_is_refused()
    {
        var admission = new RecordingAdmission();
        await using ITransportListener listener = await _acceptor.ListenAsync(admission);
        await ShakeHandsAndReadToEndAsync(listener, _dialler.Certificates.Current, alpn: null);
        await AssertRefusedAsync(listener, admission, "offered no ALPN");
    }

    private static async Task ShakeHandsAndReadToEndAsync(
        ITransportListener listener, X509Certificate2? certificate, string? alpn = TlsPeer.Alpn)
    {
        using Stranger stranger = await Stranger.ConnectAsync(listener.LocalAddress);
        await stranger.ShakeHandsAsync(certificate, alpn);
        await stranger.ReadToEndAsync();
    }

    private async Task AssertRefusedAsync(ITransportListener listener, RecordingAdmission admission, string reason)
    {
        LogLine line = await _acceptor.Log.WhenAsync(static line => line.Text.StartsWith("The handshake of ", StringComparison.Ordinal));
        Assert.Contains(reason, line.Text, StringComparison.Ordinal);
        RecordingAdmission.Lease lease = Assert.Single(admission.Leases);
        await lease.Released;
        await _dialler.MeetAsync(listener, _acceptor.Id);
        Assert.All(_acceptor.Log.Lines, static line => Assert.Equal(LogLevel.Debug, line.Level));
        Assert.Single(_acceptor.Log.Lines, static line => line.Text.StartsWith("The handshake of ", StringComparison.Ordinal));
        Assert.Empty(lease.Completed);
        Assert.Equal(1, lease.Disposals);
    }

    private static byte[] Bytes(string opening)
    {
        var random = new byte[4096];
        new Random(20260101).NextBytes(random);
        return opening switch
        {
            "random" => random,
            "http" => Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: example\r\n\r\n"),
            "ssh" => Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n"),
            "zeros" => new byte[1000],
            "nothing" => [],
            "tls-alert" => [0x15, 3, 3, 0, 2, 2, 40],
            "huge-tls-record" => [0x16, 3, 1, 0xff, 0xff, .. random],
            _ => throw new ArgumentOutOfRangeException(nameof(opening), opening, null),
        };
    }
}
