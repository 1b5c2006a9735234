using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IrohRpc.Benchmarks.Systems;

/// <summary>The TLS that all systems but ours are set up with: 1.3, and a key of the kind that ours has, P-256.</summary>
internal static class Certificates
{
    /// <summary>The certificate of both sides.</summary>
    public static X509Certificate2 Current { get; } = Create();

    /// <summary>For the listening side. Ours always authenticates both, so the bare streams do as well.</summary>
    public static SslServerAuthenticationOptions Server(bool mutual, params SslApplicationProtocol[] protocols) => new()
    {
        ServerCertificate = Current,
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [.. protocols],
        ClientCertificateRequired = mutual,
        RemoteCertificateValidationCallback = mutual ? IsCurrent : null,
        CertificateChainPolicy = mutual ? NoChain() : null,
        AllowTlsResume = !mutual,
    };

    /// <summary>For the dialling side.</summary>
    public static SslClientAuthenticationOptions Client(bool mutual, params SslApplicationProtocol[] protocols) => new()
    {
        TargetHost = "localhost",
        EnabledSslProtocols = SslProtocols.Tls13,
        ApplicationProtocols = [.. protocols],
        ClientCertificates = mutual ? [Current] : null,
        RemoteCertificateValidationCallback = IsCurrent,
        CertificateChainPolicy = mutual ? NoChain() : null,
        AllowTlsResume = !mutual,
    };

    /// <summary>Whether the other side has the one certificate that there is.</summary>
    public static bool IsCurrent(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        => certificate?.GetRawCertData().AsSpan().SequenceEqual(Current.RawDataMemory.Span) == true;

    // As ours: a certificate that says who its holder is by itself needs no chain, and each connection authenticates anew.
    private static X509ChainPolicy NoChain() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        RevocationMode = X509RevocationMode.NoCheck,
        VerificationFlags = X509VerificationFlags.AllFlags,
        DisableCertificateDownloads = true,
    };

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
