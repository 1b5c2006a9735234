using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using IrohRpc.Identity;

namespace IrohRpc.Tests;

/// <summary>The certificates and their check in real QUIC handshakes, where MsQuic is there.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
public sealed class PeerCertificateQuicTests : IDisposable
{
    private static readonly SslApplicationProtocol Alpn = new("test");

    private readonly SecretKey _serverKey = SecretKey.Generate();
    private readonly SecretKey _clientKey = SecretKey.Generate();
    private readonly PeerCertificateSource _serverSource;
    private readonly PeerCertificateSource _clientSource;
    private readonly PeerCheck _server = new();
    private readonly PeerCheck _client = new();

    public PeerCertificateQuicTests()
    {
        Assert.SkipUnless(QuicListener.IsSupported, "libmsquic is not installed.");
        _serverSource = new PeerCertificateSource(_serverKey);
        _clientSource = new PeerCertificateSource(_clientKey);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _serverSource.Dispose();
        _clientSource.Dispose();
        _serverKey.Dispose();
        _clientKey.Dispose();
    }

    [Fact]
    public async Task Certificates_authenticate_both_sides()
    {
        await RunAsync(TestContexts.One(_serverSource.Current), TestContexts.One(_clientSource.Current));

        Assert.Equal(_clientKey.Id, _server.Id);
        Assert.Equal(_serverKey.Id, _client.Id);
    }

    [Fact]
    public async Task Server_that_shows_two_certificates_is_refused()
    {
        await Assert.ThrowsAnyAsync<Exception>(
            () => RunAsync(TestContexts.TwoCertificates(_serverKey), TestContexts.One(_clientSource.Current)));

        Assert.Equal(PeerCertificateError.MoreThanOne, _client.Refusal?.Error);
    }

    [Fact]
    public async Task Client_that_shows_two_certificates_is_refused()
    {
        await Assert.ThrowsAnyAsync<Exception>(
            () => RunAsync(TestContexts.One(_serverSource.Current), TestContexts.TwoCertificates(_clientKey)));

        Assert.Equal(PeerCertificateError.MoreThanOne, _server.Refusal?.Error);
    }

    private async Task RunAsync(SslStreamCertificateContext server, SslStreamCertificateContext client)
    {
        await using QuicListener listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                ApplicationProtocols = [Alpn],
                ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(new QuicServerConnectionOptions
                {
                    DefaultCloseErrorCode = 0,
                    DefaultStreamErrorCode = 0,
                    ServerAuthenticationOptions = new SslServerAuthenticationOptions
                    {
                        ApplicationProtocols = [Alpn],
                        ServerCertificateContext = server,
                        ClientCertificateRequired = true,
                        RemoteCertificateValidationCallback = _server.Validate,
                    },
                }),
            },
            Cancellation);
        Task<QuicConnection> accepting = listener.AcceptConnectionAsync(Cancellation).AsTask();
        Task<QuicConnection> connecting = QuicConnection.ConnectAsync(
            new QuicClientConnectionOptions
            {
                RemoteEndPoint = listener.LocalEndPoint,
                DefaultCloseErrorCode = 0,
                DefaultStreamErrorCode = 0,
                ClientAuthenticationOptions = new SslClientAuthenticationOptions
                {
                    ApplicationProtocols = [Alpn],
                    ClientCertificateContext = client,
                    RemoteCertificateValidationCallback = _client.Validate,
                },
            },
            Cancellation).AsTask();
        try
        {
            await Task.WhenAll(accepting, connecting).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        }
        finally
        {
            // A client is connected before the server has judged it, so that one side may have what the other refused.
            foreach (Task<QuicConnection> side in new[] { accepting, connecting }.Where(side => side.IsCompletedSuccessfully))
            {
                await (await side).DisposeAsync();
            }
        }
    }
}
