using System.Globalization;
using System.Net;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Transport.Internal;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Our dialler against the server of ngtcp2 (package ngtcp2-server), which shows a certificate with the libp2p binding.</summary>
public sealed class Ngtcp2ServerTests() : InteropTest("we dial ngtcp2")
{
    private static readonly string? Program = InteropProcess.Find("gtlsserver");

    [Theory]
    [InlineData("handshake", 1_000, "")]
    [InlineData("transfer of 5 MB", 5_000_000, "")]
    [InlineData("client certificate", 1_000, "--verify-client")]
    [InlineData("Retry", 100_000, "--validate-addr")]
    [InlineData("TLS_AES_128_GCM_SHA256", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM")]
    [InlineData("TLS_AES_256_GCM_SHA384", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-256-GCM")]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", 100_000, "--ciphers=NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305")]
    [InlineData("secp256r1 only", 10_000, "--groups=-GROUP-ALL:+GROUP-SECP256R1")]
    [InlineData("loss on the way to us", 1_000_000, "--tx-loss=0.1")]
    [InlineData("loss on the way to it", 1_000_000, "--rx-loss=0.1")]
    [InlineData("acknowledgements of every tenth packet", 1_000_000, "--ack-thresh=10")]
    [InlineData("BBR", 5_000_000, "--cc=bbr")]
    public async Task We_get_what_it_serves(string name, int length, string options)
    {
        Case = name;
        byte[] body = MinimalHttp3.Body(length);
        (InteropProcess server, IPEndPoint address) = await StartAsync(body, options);
        await using (server)
        {
            try
            {
                await using PeerConnection connection = await DialAsync(address);
                Assert.Equal(Theirs.Id, connection.PeerId);
                Task ignoring = MinimalHttp3.IgnoreStreamsAsync(connection, Timeout.Token);
                await using PeerStream control = await MinimalHttp3.OpenControlAsync(connection, Timeout.Token);
                Assert.Equal(body, await MinimalHttp3.GetAsync(connection, "/body", Timeout.Token));
                await connection.CloseAsync(0x100, "", Timeout.Token);
                await ignoring;
            }
            catch (Exception failure) when (failure is PeerException or OperationCanceledException)
            {
                Assert.Fail($"{name}: {failure.Message}\n{server.Output}");
            }
        }
    }

    [Fact]
    public async Task We_get_many_things_on_one_connection()
    {
        Case = "multiplexing";
        byte[] body = MinimalHttp3.Body(10_000);
        (InteropProcess server, IPEndPoint address) = await StartAsync(body, "");
        await using (server)
        {
            await using PeerConnection connection = await DialAsync(address);
            Task ignoring = MinimalHttp3.IgnoreStreamsAsync(connection, Timeout.Token);
            await using PeerStream control = await MinimalHttp3.OpenControlAsync(connection, Timeout.Token);
            byte[][] got = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => MinimalHttp3.GetAsync(connection, "/body", Timeout.Token)));
            Assert.All(got, one => Assert.Equal(body, one));
            await connection.CloseAsync(0x100, "", Timeout.Token);
            await ignoring;
        }
    }

    [Fact]
    public async Task Its_silence_before_it_knows_that_we_are_there_does_not_stop_us()
    {
        Case = "amplification limit";
        (InteropProcess server, IPEndPoint address) = await StartAsync([1], "");
        await using (server)
        {
            await (await DialAsync(address)).CloseAsync(0x100, "", Timeout.Token);
            await using var path = new ImpairedPath(address, new Impairment { LostAfterFirst = 3 });
            await using PeerConnection connection = await DialAsync(path.Address);
            (long received, long sent) = path.BeforeValidation;
            Assert.InRange(sent, 1, 3 * received);
            await connection.CloseAsync(0x100, "", Timeout.Token);
        }
    }

    /// <remarks>It asks for a certificate: a session in which this side showed none could not be resumed as anybody.</remarks>
    [Theory]
    [InlineData("resumption", false)]
    [InlineData("0-RTT", true)]
    public async Task Its_sessions_are_resumed(string name, bool isEarly)
    {
        Case = name;
        byte[] body = MinimalHttp3.Body(10_000);
        TransportSettings settings = Ours.Settings;
        var transport = new QuicTransport(new QuicTransportOptions { AllowsEarlyData = isEarly });
        (InteropProcess server, IPEndPoint address) = await StartAsync(body, "--verify-client");
        await using (server)
        {
            await (await DialAsync(address)).CloseAsync(0x100, "", Timeout.Token);
            for (int attempt = 0; attempt < 2; attempt++)
            {
                await using PeerConnection connection = await transport.DialAsync(
                    TransportAddress.Ip(address), new DialRequest(Theirs.Id, [MinimalHttp3.Alpn], settings) { AllowsEarlyData = isEarly }, Timeout.Token);
                if (attempt == 0 || !isEarly)
                {
                    Assert.True(connection.HandshakeCompleted.IsCompleted);
                }

                Task ignoring = MinimalHttp3.IgnoreStreamsAsync(connection, Timeout.Token);
                await using PeerStream control = await MinimalHttp3.OpenControlAsync(connection, Timeout.Token);
                Assert.Equal(body, await MinimalHttp3.GetAsync(connection, "/body", Timeout.Token));
                await connection.HandshakeCompleted.WaitAsync(Timeout.Token);
                TlsHandshake handshake = ((QuicPeerConnection)connection).Io.Core.Tls;
                Assert.True((attempt == 1) == handshake.IsResumed, server.Output);
                Assert.Equal(attempt == 1 && isEarly ? EarlyDataStatus.Accepted : EarlyDataStatus.None, handshake.EarlyData);
                await connection.CloseAsync(0x100, "", Timeout.Token);
                await ignoring;
            }
        }
    }

    [Fact]
    public async Task Another_peer_than_the_one_that_was_dialled_is_refused()
    {
        Case = "wrong peer";
        (InteropProcess server, IPEndPoint address) = await StartAsync([1], "");
        await using (server)
        {
            PeerException failure;
            do
            {
                failure = await Assert.ThrowsAsync<PeerException>(
                    async () => await QuicTransport.Instance.DialAsync(
                        TransportAddress.Ip(address), new DialRequest(Ours.Id, [MinimalHttp3.Alpn], Ours.Settings), Timeout.Token));
            }
            while (failure.Kind == PeerErrorKind.Unreachable); // it does not listen yet
            Assert.Equal(PeerErrorKind.WrongPeer, failure.Kind);
        }
    }

    private async Task<(InteropProcess Server, IPEndPoint Address)> StartAsync(byte[] body, string options)
    {
        Assert.SkipWhen(Program is null, "ngtcp2-server is not installed.");
        string folder = Path.Combine(Theirs.Folder, "htdocs");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "body"), body, Timeout.Token);
        int port = InteropIdentity.FreePort();
        InteropProcess server = InteropProcess.Start(
            Program!,
            [
                "--no-quic-dump", "--no-http-dump", "--htdocs=" + folder, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                "127.0.0.1", port.ToString(CultureInfo.InvariantCulture), Theirs.KeyFile, Theirs.CertificateFile,
            ]);
        return (server, new IPEndPoint(IPAddress.Loopback, port));
    }

    private async Task<PeerConnection> DialAsync(IPEndPoint address)
    {
        // The port may be closed until the program has started: dial again then.
        while (true)
        {
            try
            {
                return await QuicTransport.Instance.DialAsync(
                    TransportAddress.Ip(address), new DialRequest(Theirs.Id, [MinimalHttp3.Alpn], Ours.Settings), Timeout.Token);
            }
            catch (PeerException failure) when (failure.Kind == PeerErrorKind.Unreachable)
            {
                await Task.Yield();
            }
        }
    }
}
