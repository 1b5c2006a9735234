using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

/// <summary>What a side of a handshake shows.</summary>
internal static class TestContexts
{
    public static SslStreamCertificateContext One(X509Certificate2 certificate)
        => SslStreamCertificateContext.Create(certificate, null, offline: true);

    /// <summary>A certificate with an honest identity extension, and behind it the authority that issued it.</summary>
    public static SslStreamCertificateContext TwoCertificates(SecretKey identity)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ECDsa authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 root = authorityRequest.CreateSelfSigned(now.AddDays(-1), now.AddDays(9));
        using ECDsa middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var middleRequest = new CertificateRequest("CN=middle", middleKey, HashAlgorithmName.SHA256);
        middleRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 middlePublic = middleRequest.Create(root, now.AddDays(-1), now.AddDays(8), [1]);
        X509Certificate2 middle = middlePublic.CopyWithPrivateKey(middleKey);

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=peer", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509Extension(HostKeyBinding.Oid, HostKeyBinding.Create(identity, key.ExportSubjectPublicKeyInfo()), false));
        using X509Certificate2 leaf = request.Create(middle, now.AddHours(-1), now.AddDays(7), [2]);
        var context = SslStreamCertificateContext.Create(leaf.CopyWithPrivateKey(key), [middle, root], offline: true);
        Assert.NotEmpty(context.IntermediateCertificates);
        return context;
    }
}
