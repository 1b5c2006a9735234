using System.Globalization;
using System.Net;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>The client of ngtcp2 (package ngtcp2-client) against our listener: TLS by GnuTLS, X.509 with the libp2p binding.</summary>
public sealed class Ngtcp2ClientTests : IDisposable
{
    private static readonly string? Program = InteropProcess.Find("gtlsclient");

    private readonly InteropPeer _ours = new();
    private readonly InteropPeer _theirs = new();
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromSeconds(20));

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _timeout.Dispose();
    }

    [Theory]
    [InlineData("handshake", 1_000, "")]
    [InlineData("transfer of 5 MB", 5_000_000, "")]
    [InlineData("TLS_AES_128_GCM_SHA256", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM")]
    [InlineData("TLS_AES_256_GCM_SHA384", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305")]
    [InlineData("secp256r1 and a HelloRetryRequest or not", 10_000, "--groups=-GROUP-ALL:+GROUP-SECP256R1")]
    [InlineData("connection id of no bytes", 100_000, "--scid=")]
    [InlineData("connection id of 18 bytes", 100_000, "--scid=0102030405060708090a0b0c0d0e0f101112")]
    [InlineData("key update", 20_000_000, "--key-update=5ms")]
    [InlineData("rebinding of the port", 20_000_000, "--change-local-addr=10ms --nat-rebinding")]
    [InlineData("migration", 20_000_000, "--change-local-addr=10ms")]
    [InlineData("loss on the way to us", 1_000_000, "--tx-loss=0.1")]
    [InlineData("loss on the way to it", 1_000_000, "--rx-loss=0.1")]
    [InlineData("version negotiation", 10_000, "--version=0x1a2a3a4a --preferred-versions=v1")]
    [InlineData("small windows", 1_000_000, "--max-data=20000 --max-stream-data-bidi-local=10000")]
    [InlineData("Reno", 1_000_000, "--cc=reno")]
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
    public async Task It_sends_us_megabytes()
    {
        string upload = Path.Combine(_theirs.Folder, "upload");
        await File.WriteAllBytesAsync(upload, MinimalHttp3.Body(5_000_000), _timeout.Token);
        (_, long bytes, string output) = await GetAsync("upload", 1_000, ["--data=" + upload, "--http-method=POST"], QuicTransport.Instance);
        Assert.True(bytes > 5_000_000, output);
    }

    private async Task<(int Requests, long Bytes, string Output)> GetAsync(string name, int length, string[] options, QuicTransport transport)
    {
        Assert.SkipWhen(Program is null, "ngtcp2-client is not installed.");
        byte[] body = MinimalHttp3.Body(length);
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), [MinimalHttp3.Alpn], _ours.Settings), _timeout.Token);
        string port = listener.LocalAddress.ToEndPoint()!.Port.ToString(CultureInfo.InvariantCulture);
        await using InteropProcess client = InteropProcess.Start(
            Program!,
            [
                "--no-quic-dump", "--no-http-dump", "--exit-on-all-streams-close", "--timeout=10s",
                "--key=" + _theirs.KeyFile, "--cert=" + _theirs.CertificateFile, "--download=" + _theirs.Folder,
                .. options, "127.0.0.1", port, $"https://127.0.0.1:{port}/body",
            ]);
        try
        {
            await using PeerConnection connection = await listener.AcceptAsync(_timeout.Token);
            Assert.Equal(_theirs.Id, connection.PeerId);
            (int requests, long bytes) = await MinimalHttp3.ServeAsync(connection, body, _timeout.Token);
            int code = await client.WaitAsync(_timeout.Token);
            Assert.True(code == 0, $"{name}: exit code {code}\n{client.Output}");
            Assert.Equal(body, await File.ReadAllBytesAsync(Path.Combine(_theirs.Folder, "body"), _timeout.Token));
            return (requests, bytes, client.Output);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{name}: no end in sight\n{client.Output}");
            throw;
        }
    }
}
