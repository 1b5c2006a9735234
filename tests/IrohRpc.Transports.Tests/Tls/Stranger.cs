using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Somebody who connects to a listener by hand and does what no peer of ours does.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly TcpClient _tcp;

    private Stranger(TcpClient tcp)
    {
        _tcp = tcp;
        Raw = tcp.GetStream();
    }

    public NetworkStream Raw { get; }

    public SslStream? Tls { get; private set; }

    public static async Task<Stranger> ConnectAsync(TransportAddress address)
    {
        Assert.True(TlsAddress.TryGetEndPoint(address, out IPEndPoint? endPoint));
        var tcp = new TcpClient(endPoint.AddressFamily) { NoDelay = true };
        await tcp.ConnectAsync(endPoint, TestContext.Current.CancellationToken);
        return new Stranger(tcp);
    }

    /// <summary>Shakes hands in TLS as a dialler that trusts everybody.</summary>
    public async Task<SslStream> ShakeHandsAsync(
        X509Certificate2? certificate, string? alpn = TlsPeer.Alpn, SslProtocols protocols = SslProtocols.Tls13)
    {
        Tls = new SslStream(Raw);
        await Tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = string.Empty,
                EnabledSslProtocols = protocols,
                ApplicationProtocols = alpn is null ? null : [new SslApplicationProtocol(alpn)],
                ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, null, true),
#pragma warning disable CA5359 // It is the acceptor that is tested.
                RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
            },
            TestContext.Current.CancellationToken);
        return Tls;
    }

    /// <summary>Reads until the other end closes or resets, over TLS where that came about.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new MemoryStream();
        try
        {
            await ((Stream?)Tls ?? Raw).CopyToAsync(all, TestContext.Current.CancellationToken).WaitAsync(TlsPeer.Patience);
        }
        catch (IOException)
        {
            // Reset: as much of an end as the other.
        }

        return all.ToArray();
    }

    /// <summary>Says that nothing more will come; the other end may have hung up already.</summary>
    public void CompleteWrites()
    {
        try
        {
            Raw.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // It has.
        }
    }

    /// <summary>A certificate that is fine in itself and bound to nobody.</summary>
    public static X509Certificate2 UnboundCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=stranger", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose()
    {
        Tls?.Dispose();
        _tcp.Dispose();
    }
}
