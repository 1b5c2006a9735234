using System.Security.Cryptography;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Authentication;

/// <summary>What the peer showed in its Certificate message, until its CertificateVerify proves that it holds the key.</summary>
internal sealed class PeerCredential
{
    private static readonly SignatureScheme[] RawPublicKeySchemes = [SignatureScheme.Ed25519];
    private static readonly SignatureScheme[] CertificateSchemes =
        [SignatureScheme.EcdsaSecp256r1Sha256, SignatureScheme.EcdsaSecp384r1Sha384, SignatureScheme.EcdsaSecp521r1Sha512];

    private static readonly SignatureScheme[] WebSchemes =
        [.. CertificateSchemes, SignatureScheme.RsaPssRsaeSha256, SignatureScheme.RsaPssRsaeSha384, SignatureScheme.RsaPssRsaeSha512];

    private readonly ReadOnlyMemory<byte> _subjectPublicKeyInfo;
    private readonly SignatureScheme[] _schemes;

    private PeerCredential(EndpointId id, ReadOnlyMemory<byte> subjectPublicKeyInfo, SignatureScheme[] schemes)
    {
        Id = id;
        _subjectPublicKeyInfo = subjectPublicKeyInfo;
        _schemes = schemes;
    }

    /// <summary>Who the peer claims to be; nobody where it is a server of the web.</summary>
    public EndpointId Id { get; }

    /// <summary>The signature schemes that can be verified for a certificate type.</summary>
    /// <param name="type">The type.</param>
    public static ReadOnlySpan<SignatureScheme> Schemes(CertificateType type)
        => type == CertificateType.RawPublicKey ? RawPublicKeySchemes : CertificateSchemes;

    /// <summary>The signature schemes of the web's servers.</summary>
    public static ReadOnlySpan<SignatureScheme> SchemesOfTheWeb => WebSchemes;

    /// <summary>Reads the certificate of a server of the web. Nobody is asked whether it is good: what such a server says has to need no trust.</summary>
    /// <param name="certificate">What it showed; any bytes.</param>
    public static PeerCredential ReadFromWeb(ReadOnlySpan<byte> certificate)
    {
        try
        {
            return new PeerCredential(default, CertificateParts.Read(certificate.ToArray()).SubjectPublicKeyInfo, WebSchemes);
        }
        catch (PeerCertificateException exception)
        {
            throw new TlsAlertException(AlertFor(exception.Error), exception.Message, exception);
        }
    }

    /// <summary>Reads what the peer showed.</summary>
    /// <param name="type">Of which type it is.</param>
    /// <param name="certificate">What it showed; any bytes.</param>
    /// <param name="now">The time at which a certificate has to be valid.</param>
    public static PeerCredential Read(CertificateType type, ReadOnlySpan<byte> certificate, DateTimeOffset now)
    {
        if (type == CertificateType.RawPublicKey)
        {
            return new PeerCredential(RawPublicKey.Decode(certificate), default, RawPublicKeySchemes);
        }

        try
        {
            byte[] der = certificate.ToArray();
            return new PeerCredential(PeerCertificate.Verify(der, now), CertificateParts.Read(der).SubjectPublicKeyInfo, CertificateSchemes);
        }
        catch (PeerCertificateException exception)
        {
            throw new TlsAlertException(AlertFor(exception.Error), exception.Message, exception);
        }
    }

    /// <summary>Checks that the peer holds the key.</summary>
    /// <param name="scheme">The scheme that the peer named.</param>
    /// <param name="content">What it should have signed.</param>
    /// <param name="signature">The signature; any bytes.</param>
    public void Verify(SignatureScheme scheme, byte[] content, ReadOnlySpan<byte> signature)
    {
        if (!_schemes.Contains(scheme))
        {
            throw TlsAlertException.Illegal($"The peer signs by scheme 0x{(ushort)scheme:x4}, which was not offered.");
        }

        bool isGood = scheme switch
        {
            SignatureScheme.Ed25519 => Id.Verify(content, signature),
            SignatureScheme.RsaPssRsaeSha256 => VerifyRsa(HashAlgorithmName.SHA256, content, signature),
            SignatureScheme.RsaPssRsaeSha384 => VerifyRsa(HashAlgorithmName.SHA384, content, signature),
            SignatureScheme.RsaPssRsaeSha512 => VerifyRsa(HashAlgorithmName.SHA512, content, signature),
            _ => VerifyEcdsa(scheme, content, signature),
        };
        if (!isGood)
        {
            throw new TlsAlertException(AlertDescription.DecryptError, "The peer's signature over the handshake does not verify.");
        }
    }

    private bool VerifyRsa(HashAlgorithmName hash, byte[] content, ReadOnlySpan<byte> signature)
    {
        using var key = RSA.Create();
        ImportKey(key);
        return key.VerifyData(content, signature, hash, RSASignaturePadding.Pss);
    }

    // A server of the web may have any key, also one that the scheme is not for.
    private void ImportKey(AsymmetricAlgorithm key)
    {
        try
        {
            key.ImportSubjectPublicKeyInfo(_subjectPublicKeyInfo.Span, out _);
        }
        catch (CryptographicException exception)
        {
            throw new TlsAlertException(AlertDescription.UnsupportedCertificate, "The key of the certificate is of no use for the scheme of the signature.", exception);
        }
    }

    private bool VerifyEcdsa(SignatureScheme scheme, byte[] content, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        ImportKey(key);
        (int keySize, HashAlgorithmName hash) = scheme switch
        {
            SignatureScheme.EcdsaSecp256r1Sha256 => (256, HashAlgorithmName.SHA256),
            SignatureScheme.EcdsaSecp384r1Sha384 => (384, HashAlgorithmName.SHA384),
            _ => (521, HashAlgorithmName.SHA512),
        };
        if (key.KeySize != keySize)
        {
            throw TlsAlertException.Illegal($"Signature scheme 0x{(ushort)scheme:x4} is not for the curve of the peer's key.");
        }

        try
        {
            return key.VerifyData(content, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (CryptographicException)
        {
            return false; // not DER
        }
    }

    private static AlertDescription AlertFor(PeerCertificateError error) => error switch
    {
        PeerCertificateError.Expired or PeerCertificateError.NotYetValid => AlertDescription.CertificateExpired,
        PeerCertificateError.UnsupportedKey or PeerCertificateError.UnsupportedSignature or PeerCertificateError.UnsupportedIdentity
            => AlertDescription.UnsupportedCertificate,
        _ => AlertDescription.BadCertificate,
    };
}
