using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Authentication;

/// <summary>What an endpoint shows of itself in handshakes: its key as such, or a certificate that is bound to it.</summary>
/// <remarks>Thread-safe; one instance serves all handshakes of an endpoint. It owns neither the key nor the certificates.</remarks>
internal class TlsIdentity
{
    private readonly SecretKey _key;
    private readonly PeerCertificateSource? _certificates;
    private readonly byte[] _rawPublicKey;

    /// <summary>Makes an identity.</summary>
    /// <param name="key">The endpoint's key.</param>
    /// <param name="certificates">Certificates for peers that speak no raw public keys; null to speak to none of them.</param>
    public TlsIdentity(SecretKey key, PeerCertificateSource? certificates)
    {
        _key = key;
        _certificates = certificates;
        _rawPublicKey = RawPublicKey.Encode(key.Id);
    }

    /// <summary>The types of certificates that can be shown, first preferred.</summary>
    public virtual IReadOnlyList<CertificateType> Types
        => _certificates is null ? [CertificateType.RawPublicKey] : [CertificateType.RawPublicKey, CertificateType.X509];

    /// <summary>Writes Certificate.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">What to show.</param>
    public virtual void WriteCertificate(MessageWriter writer, CertificateType type)
        => CertificateMessage.Write(writer, type == CertificateType.RawPublicKey ? _rawPublicKey : Certificate.RawDataMemory.Span);

    /// <summary>Checks that the peer can verify what is signed with a certificate of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="acceptedSchemes">The schemes that the peer can verify, two bytes each.</param>
    /// <exception cref="TlsAlertException">It cannot.</exception>
    public void EnsureAccepted(CertificateType type, ReadOnlySpan<byte> acceptedSchemes)
    {
        if (!ClientHello.Contains(acceptedSchemes, (ushort)SchemeOf(type)))
        {
            throw new TlsAlertException(
                AlertDescription.HandshakeFailure, $"The peer does not accept signatures of scheme 0x{(ushort)SchemeOf(type):x4}.");
        }
    }

    /// <summary>Writes CertificateVerify.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="type">What was shown.</param>
    /// <param name="content">What to sign.</param>
    public virtual void WriteCertificateVerify(MessageWriter writer, CertificateType type, byte[] content)
        => CertificateVerifyMessage.Write(
            writer, SchemeOf(type), type == CertificateType.RawPublicKey ? _key.Sign(content) : SignByCertificate(content));

    /// <summary>The scheme by which this side signs.</summary>
    private protected virtual SignatureScheme SchemeOf(CertificateType type)
        => type == CertificateType.RawPublicKey ? SignatureScheme.Ed25519 : SignatureScheme.EcdsaSecp256r1Sha256;

    private X509Certificate2 Certificate => _certificates?.Current
        ?? throw new InvalidOperationException("There is no certificate to show.");

    private byte[] SignByCertificate(byte[] content)
    {
        // A renewed certificate has the same key, so it does not matter which of the two is current by now.
        using ECDsa key = Certificate.GetECDsaPrivateKey()!;
        return key.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }
}
