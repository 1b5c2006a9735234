using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Authentication;

/// <summary>What a server of the web shows: a certificate that some authority has signed, with those of its issuers. Its key is RSA, P-256 or P-384.</summary>
internal sealed class WebIdentity : TlsIdentity
{
    private readonly SslStreamCertificateContext _certificate;
    private readonly ReadOnlyMemory<byte>[] _issuers;
    private readonly SignatureScheme _scheme;

    /// <param name="key">A key that nobody is shown.</param>
    /// <param name="certificate">The certificate, with its private key.</param>
    /// <exception cref="ArgumentException">The certificate has no private key, or one of another kind.</exception>
    public WebIdentity(SecretKey key, SslStreamCertificateContext certificate)
        : base(key, null)
    {
        _certificate = certificate;
        _issuers = [.. certificate.IntermediateCertificates.Select(static issuer => issuer.RawDataMemory)];
        using RSA? rsa = certificate.TargetCertificate.GetRSAPrivateKey();
        using ECDsa? ecdsa = certificate.TargetCertificate.GetECDsaPrivateKey();
        _scheme = (rsa, ecdsa?.KeySize) switch
        {
            (not null, _) => SignatureScheme.RsaPssRsaeSha256,
            (_, 256) => SignatureScheme.EcdsaSecp256r1Sha256,
            (_, 384) => SignatureScheme.EcdsaSecp384r1Sha384,
            _ => throw new ArgumentException("The certificate has no private key of RSA, P-256 or P-384.", nameof(certificate)),
        };
    }

    /// <inheritdoc/>
    public override IReadOnlyList<CertificateType> Types => [CertificateType.X509];

    /// <inheritdoc/>
    public override void WriteCertificate(MessageWriter writer, CertificateType type)
        => CertificateMessage.Write(writer, _certificate.TargetCertificate.RawDataMemory.Span, _issuers);

    /// <inheritdoc/>
    public override void WriteCertificateVerify(MessageWriter writer, CertificateType type, byte[] content)
        => CertificateVerifyMessage.Write(writer, _scheme, Sign(content));

    private protected override SignatureScheme SchemeOf(CertificateType type) => _scheme;

    private byte[] Sign(byte[] content)
    {
        if (_scheme == SignatureScheme.RsaPssRsaeSha256)
        {
            using RSA rsa = _certificate.TargetCertificate.GetRSAPrivateKey()!;
            return rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }

        using ECDsa ecdsa = _certificate.TargetCertificate.GetECDsaPrivateKey()!;
        HashAlgorithmName hash = _scheme == SignatureScheme.EcdsaSecp256r1Sha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA384;
        return ecdsa.SignData(content, hash, DSASignatureFormat.Rfc3279DerSequence);
    }
}
