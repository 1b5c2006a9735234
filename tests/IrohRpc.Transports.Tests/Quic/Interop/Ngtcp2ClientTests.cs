using System.Globalization;
using System.Net;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Transport.Internal;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>The client of ngtcp2 (package ngtcp2-client) against our listener: TLS by GnuTLS, X.509 with the libp2p binding.</summary>
public sealed class Ngtcp2ClientTests() : InteropTest("ngtcp2 dials us")
{
    private static readonly string? Program = InteropProcess.Find("gtlsclient");

    [Theory]
    [InlineData("handshake", 1_000, "")]
    [InlineData("transfer of 5 MB", 5_000_000, "")]
    [InlineData("TLS_AES_128_GCM_SHA256", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM")]
    [InlineData("TLS_AES_256_GCM_SHA384", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305")]
    [InlineData("secp256r1 only", 10_000, "--groups=-GROUP-ALL:+GROUP-SECP256R1")]
    [InlineData("connection id of no bytes", 100_000, "--scid=")]
    [InlineData("connection id of 18 bytes", 100_000, "--scid=0102030405060708090a0b0c0d0e0f101112")]
    [InlineData("key update", 20_000_000, "--key-update=5ms")]
    [InlineData("migration", 20_000_000, "--change-local-addr=10ms")]
    [InlineData("loss on the way to us", 1_000_000, "--tx-loss=0.1")]
    [InlineData("loss on the way to it", 1_000_000, "--rx-loss=0.1")]
    [InlineData("version negotiation", 10_000, "--version=0x1a2a3a4a --preferred-versions=v1")]
    [InlineData("small windows", 1_000_000, "--max-data=20000 --max-stream-data-bidi-local=10000")]
    [InlineData("Reno", 1_000_000, "--cc=reno")]
    [InlineData("keep-alive over 40 s", 10_000, "--delay-stream=40s")]
    public async Task It_gets_what_we_serve(string name, int length, string options)
        => await GetAsync(name, length, options.Split(' ', StringSplitOptions.RemoveEmptyEntries), QuicTransport.Instance);

    [Fact]
    public async Task It_shows_where_it_is_when_we_ask_with_a_Retry()
        => await GetAsync("Retry", 100_000, [], new QuicTransport(new QuicTransportOptions { AlwaysRetries = true }));

    [Fact]
    public async Task It_gets_many_things_on_one_connection()
    {
        (int requests, _, string output) = await GetAsync("multiplexing", 10_000, ["--nstreams=200"], QuicTransport.Instance);
        Assert.True(requests == 200, output);
    }

    [Fact]
    public async Task We_send_no_more_than_three_times_what_came_before_it_has_shown_where_it_is()
    {
        (long received, long sent) = (0, 0);
        await GetAsync("amplification limit", 1_000, [], QuicTransport.Instance, new Impairment { LostAfterFirst = 3 }, look: path => (received, sent) = path.BeforeValidation);
        Assert.InRange(sent, 1, 3 * received);
    }

    [Theory]
    [InlineData("resumption", false)]
    [InlineData("0-RTT", true)]
    public async Task It_resumes_its_session(string name, bool isEarly)
    {
        Case = name;
        Assert.SkipWhen(Program is null, "ngtcp2-client is not installed.");
        var transport = new QuicTransport(new QuicTransportOptions { AllowsEarlyData = isEarly });
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), [MinimalHttp3.Alpn], Ours.Settings), Timeout.Token);
        string[] files = ["--session-file=" + Path.Combine(Theirs.Folder, "session"), "--tp-file=" + Path.Combine(Theirs.Folder, "parameters")];
        for (int attempt = 0; attempt < 2; attempt++)
        {
            await using InteropProcess client = StartClient(listener.LocalAddress.ToEndPoint()!, files);
            await using PeerConnection connection = await listener.AcceptAsync(Timeout.Token);
            Assert.Equal(Theirs.Id, connection.PeerId);
            TlsHandshake handshake = ((QuicPeerConnection)connection).Io.Core.Tls;
            Assert.Equal(attempt == 1, handshake.IsResumed);
            Assert.Equal(attempt == 1 && isEarly, handshake.EarlyData == EarlyDataStatus.Accepted);
            connection.AcceptEarlyData();
            await MinimalHttp3.ServeAsync(connection, MinimalHttp3.Body(10_000), Timeout.Token);
            Assert.Equal(0, await client.WaitAsync(Timeout.Token));
        }
    }

    [Fact]
    public async Task IPv6_carries_it() => await GetAsync("IPv6", 100_000, [], QuicTransport.Instance, local: IPAddress.IPv6Loopback);

    [Fact]
    public async Task It_finds_that_marks_of_congestion_work()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Marks are read on Linux only.");
        (_, _, string output) = await GetAsync("ECN", 20_000, [], QuicTransport.Instance);
        Assert.Contains("path is ECN capable", output, StringComparison.Ordinal);
        Assert.Contains("ect0=", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_way_is_gone()
        => await GetAsync("long round trip", 100_000, [], QuicTransport.Instance, new Impairment { Delay = TimeSpan.FromMilliseconds(375) });

    [Fact]
    public async Task A_black_hole_is_survived()
        => await GetAsync(
            "black hole",
            20_000_000,
            [],
            QuicTransport.Instance,
            new Impairment { BlackHoleAfter = 500, BlackHole = TimeSpan.FromSeconds(2) });

    [Fact]
    public async Task Changed_bytes_in_a_transfer_do_no_harm()
        => await GetAsync("corruption in a transfer", 1_000_000, [], QuicTransport.Instance, new Impairment { Corruption = 0.02 });

    [Theory]
    [InlineData("loss in handshakes", 0.3, 0)]
    [InlineData("corruption in handshakes", 0, 0.3)]
    public async Task Handshakes_come_through(string name, double loss, double corruption)
    {
        for (int i = 0; i < 3; i++)
        {
            await GetAsync(name, 1_000, [], QuicTransport.Instance, new Impairment { Loss = loss, Corruption = corruption });
        }
    }

    /// <remarks>While it downloads and its address is rebound, it hears nothing and says nothing; so it uploads.</remarks>
    [Theory]
    [InlineData("upload of 5 MB", "")]
    [InlineData("upload and loss on the way to us", "--tx-loss=0.05")]
    [InlineData("upload and loss on the way to it", "--rx-loss=0.05")]
    [InlineData("upload and key update", "--key-update=5ms")]
    [InlineData("upload and migration", "--change-local-addr=10ms")]
    [InlineData("upload and rebinding of the port", "--change-local-addr=10ms --nat-rebinding")]
    public async Task It_sends_us_megabytes(string name, string options)
    {
        string upload = Path.Combine(Theirs.Folder, "upload");
        await File.WriteAllBytesAsync(upload, MinimalHttp3.Body(5_000_000), Timeout.Token);
        (_, long bytes, string output) = await GetAsync(
            name,
            1_000,
            ["--data=" + upload, "--http-method=POST", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            QuicTransport.Instance);
        Assert.True(bytes > 5_000_000, output);
    }

    private InteropProcess StartClient(IPEndPoint address, string[] options)
    {
        string port = address.Port.ToString(CultureInfo.InvariantCulture);
        return InteropProcess.Start(
            Program!,
            [
                "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close", "--timeout=10s",
                "--key=" + Theirs.KeyFile, "--cert=" + Theirs.CertificateFile, "--download=" + Theirs.Folder,
                .. options, address.Address.ToString(), port, $"https://localhost:{port}/body",
            ]);
    }

    private async Task<(int Requests, long Bytes, string Output)> GetAsync(
        string name, int length, string[] options, QuicTransport transport, Impairment? impairment = null, IPAddress? local = null, Action<ImpairedPath>? look = null)
    {
        Case = name;
        Assert.SkipWhen(Program is null, "ngtcp2-client is not installed.");
        byte[] body = MinimalHttp3.Body(length);
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(local ?? IPAddress.Loopback, 0), [MinimalHttp3.Alpn], Ours.Settings), Timeout.Token);
        IPEndPoint address = listener.LocalAddress.ToEndPoint()!;
        await using ImpairedPath? path = impairment is null ? null : new ImpairedPath(address, impairment);
        await using InteropProcess client = StartClient(path?.Address ?? address, options);
        try
        {
            await using PeerConnection connection = await listener.AcceptAsync(Timeout.Token);
            Assert.Equal(Theirs.Id, connection.PeerId);
            (int requests, long bytes) = await MinimalHttp3.ServeAsync(connection, body, Timeout.Token);
            int code = await client.WaitAsync(Timeout.Token);
            Assert.True(code == 0, $"{name}: exit code {code}\n{client.Output}");
            Assert.Equal(body, await File.ReadAllBytesAsync(Path.Combine(Theirs.Folder, "body"), Timeout.Token));
            look?.Invoke(path!);
            return (requests, bytes, client.Output);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{name}: no end in sight\n{client.Output}");
            throw;
        }
    }
}
