using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>A certificate authority of the test's, one that it has signed, and a server that that one has.</summary>
internal sealed class WebCertificates : IDisposable
{
    public const string ServerName = "relay.example";

    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset To = DateTimeOffset.UtcNow.AddDays(30);

    private readonly X509Certificate2 _issuer;
    private readonly X509Certificate2 _server;

    /// <param name="keyType">The kind of the server's key: RSA, P-256 or P-384.</param>
    public WebCertificates(string keyType)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Root = Authority("CN=root", rootKey).CreateSelfSigned(From, To);
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 issuer = Authority("CN=issuer", issuerKey).Create(Root, From, To, [1]);
        _issuer = issuer.CopyWithPrivateKey(issuerKey);
        _server = CreateServer(keyType);
        Context = SslStreamCertificateContext.Create(_server, [_issuer], offline: true);
    }

    public X509Certificate2 Root { get; }

    public SslStreamCertificateContext Context { get; }

    public void Dispose()
    {
        _server.Dispose();
        _issuer.Dispose();
        Root.Dispose();
    }

    private static CertificateRequest Authority(string name, ECDsa key)
        => new(name, key, HashAlgorithmName.SHA256) { CertificateExtensions = { new X509BasicConstraintsExtension(true, false, 0, true) } };

    private X509Certificate2 CreateServer(string keyType)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(ServerName);
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(_issuer.GetECDsaPrivateKey()!);
        if (keyType == "RSA")
        {
            using var rsa = RSA.Create(2048);
            var request = new CertificateRequest("CN=" + ServerName, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) { CertificateExtensions = { names.Build() } };
            using X509Certificate2 certificate = request.Create(_issuer.SubjectName, generator, From, To, [2]);
            return WithStoredKey(certificate.CopyWithPrivateKey(rsa));
        }

        using var key = ECDsa.Create(keyType == "P-256" ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384);
        var ecdsaRequest = new CertificateRequest("CN=" + ServerName, key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        using X509Certificate2 ecdsaCertificate = ecdsaRequest.Create(_issuer.SubjectName, generator, From, To, [2]);
        return WithStoredKey(ecdsaCertificate.CopyWithPrivateKey(key));
    }

    // The TLS of Windows takes keys that are stored only.
    private static X509Certificate2 WithStoredKey(X509Certificate2 certificate)
    {
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        }
    }
}
