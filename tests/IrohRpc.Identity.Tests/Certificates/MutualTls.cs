using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace IrohRpc.Tests;

/// <summary>TLS 1.3 over a loopback socket pair, both sides with a certificate and with no other check than ours.</summary>
internal static class MutualTls
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Shakes hands and echoes a few bytes; fails as the sides do.</summary>
    public static async Task RunAsync(
        SslStreamCertificateContext server, PeerCheck serverCheck, SslStreamCertificateContext? client, PeerCheck clientCheck)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var clientSocket = new TcpClient();
        ValueTask<TcpClient> accepting = listener.AcceptTcpClientAsync(Cancellation);
        await clientSocket.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancellation);
        using TcpClient serverSocket = await accepting;

        // A side that fails closes its socket, which ends the other.
        await Task.WhenAll(
            ServeAsync(serverSocket, server, serverCheck),
            CallAsync(clientSocket, client, clientCheck)).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    private static async Task ServeAsync(TcpClient socket, SslStreamCertificateContext certificate, PeerCheck check)
    {
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = check.Validate,
            },
            Cancellation);
        var buffer = new byte[4];
        await stream.ReadExactlyAsync(buffer, Cancellation);
        await stream.WriteAsync(buffer, Cancellation);
    }

    private static async Task CallAsync(TcpClient socket, SslStreamCertificateContext? certificate, PeerCheck check)
    {
        await using var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                ClientCertificateContext = certificate,
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = check.Validate,
            },
            Cancellation);
        Assert.Equal(SslProtocols.Tls13, stream.SslProtocol);
        var buffer = new byte[4];
        await stream.WriteAsync("ping"u8.ToArray(), Cancellation);
        await stream.ReadExactlyAsync(buffer, Cancellation);
        Assert.Equal("ping"u8.ToArray(), buffer);
    }
}
