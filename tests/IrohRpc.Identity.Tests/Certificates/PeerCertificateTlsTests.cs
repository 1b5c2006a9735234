using System.Net.Security;
using IrohRpc.Identity;

namespace IrohRpc.Tests;

/// <summary>The certificates and their check in real TLS 1.3 handshakes.</summary>
public sealed class PeerCertificateTlsTests : IDisposable
{
    private readonly SecretKey _serverKey = SecretKey.Generate();
    private readonly SecretKey _clientKey = SecretKey.Generate();
    private readonly PeerCertificateSource _serverSource;
    private readonly PeerCertificateSource _clientSource;
    private readonly PeerCheck _server = new();
    private readonly PeerCheck _client = new();

    public PeerCertificateTlsTests()
    {
        _serverSource = new PeerCertificateSource(_serverKey);
        _clientSource = new PeerCertificateSource(_clientKey);
    }

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
        await MutualTls.RunAsync(TestContexts.One(_serverSource.Current), _server, TestContexts.One(_clientSource.Current), _client);

        Assert.Equal(_clientKey.Id, _server.Id);
        Assert.Equal(_serverKey.Id, _client.Id);
    }

    [Fact]
    public async Task Client_without_a_certificate_is_refused()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => MutualTls.RunAsync(TestContexts.One(_serverSource.Current), _server, null, _client));

        Assert.Equal(PeerCertificateError.Missing, _server.Refusal?.Error);
    }

    [Fact]
    public async Task Server_that_shows_two_certificates_is_refused()
    {
        await Assert.ThrowsAnyAsync<Exception>(
            () => MutualTls.RunAsync(TestContexts.TwoCertificates(_serverKey), _server, TestContexts.One(_clientSource.Current), _client));

        Assert.Equal(PeerCertificateError.MoreThanOne, _client.Refusal?.Error);
    }

    [Fact]
    public async Task Client_that_shows_two_certificates_is_refused()
    {
        await Assert.ThrowsAnyAsync<Exception>(
            () => MutualTls.RunAsync(TestContexts.One(_serverSource.Current), _server, TestContexts.TwoCertificates(_clientKey), _client));

        Assert.Equal(PeerCertificateError.MoreThanOne, _server.Refusal?.Error);
    }
}
