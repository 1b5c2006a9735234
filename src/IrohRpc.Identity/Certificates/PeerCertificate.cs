using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Identity;

/// <summary>
/// Reads a peer's identity from the certificate that it showed in TLS, by the libp2p TLS specification. This check replaces
/// the usual one by certification authority and host name.
/// </summary>
/// <remarks>
/// <para>
/// TLS proves that the peer holds the certificate's key; what is checked here is that this key belongs to the identity: one
/// self-signed certificate, valid now, on a named curve (P-256, P-384 or P-521), signed over a hash of at least 256 bits, without
/// critical extensions other than the identity itself, and with the identity's signature over its key.
/// </para>
/// <para>Thread-safe. The input may be anything: what is refused is refused with a <see cref="PeerCertificateException"/>.</para>
/// </remarks>
public static class PeerCertificate
{
    /// <summary>The largest certificate that is looked at, in bytes. An honest one has less than 600.</summary>
    public const int MaxSize = 8 * 1024;

    /// <summary>Verifies what a <see cref="System.Net.Security.RemoteCertificateValidationCallback"/> is given.</summary>
    /// <param name="certificate">The peer's certificate, or null where it sent none.</param>
    /// <param name="chain">The chain; its <see cref="X509ChainPolicy.ExtraStore"/> holds what else the peer sent.</param>
    /// <param name="now">The time at which the certificate has to be valid.</param>
    /// <returns>The identity that the peer proved.</returns>
    /// <exception cref="PeerCertificateException">No identity is proved; <see cref="PeerCertificateException.Error"/> says why.</exception>
    public static EndpointId Verify(X509Certificate? certificate, X509Chain? chain, DateTimeOffset now)
    {
        if (certificate is null)
        {
            throw new PeerCertificateException(PeerCertificateError.Missing, "The peer showed no certificate.");
        }

        ReadOnlyMemory<byte> der = certificate.GetRawCertData();
        int others = 0;
        int same = 0;
        foreach (X509Certificate2 sent in chain?.ChainPolicy.ExtraStore ?? [])
        {
            if (sent.RawDataMemory.Span.SequenceEqual(der.Span))
            {
                same++;
            }
            else
            {
                others++;
            }
        }

        // Some platforms list the peer's own certificate among those sent, some do not.
        if (others > 0 || same > 1)
        {
            throw new PeerCertificateException(
                PeerCertificateError.MoreThanOne,
                $"The peer showed {1 + others + Math.Max(0, same - 1)} certificates where exactly one is allowed.");
        }

        return Verify(der, now);
    }

    /// <summary>Verifies the one certificate that a peer showed.</summary>
    /// <param name="certificate">The certificate. That it was the only one is for the caller to see to.</param>
    /// <param name="now">The time at which the certificate has to be valid.</param>
    /// <returns>The identity that the peer proved.</returns>
    /// <exception cref="PeerCertificateException">No identity is proved; <see cref="PeerCertificateException.Error"/> says why.</exception>
    public static EndpointId Verify(X509Certificate2 certificate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Verify(certificate.RawDataMemory, now);
    }

    /// <summary>Verifies a certificate given as its DER encoding.</summary>
    /// <param name="der">The certificate and nothing behind it; any bytes are safe to pass.</param>
    /// <param name="now">The time at which the certificate has to be valid.</param>
    /// <returns>The identity that the peer proved.</returns>
    /// <exception cref="PeerCertificateException">No identity is proved; <see cref="PeerCertificateException.Error"/> says why.</exception>
    public static EndpointId Verify(ReadOnlyMemory<byte> der, DateTimeOffset now)
    {
        if (der.Length > MaxSize)
        {
            throw new PeerCertificateException(
                PeerCertificateError.Malformed, $"The certificate has {der.Length} bytes; at most {MaxSize} are accepted.");
        }

        CertificateParts parts = CertificateParts.Read(der);
        CheckValidity(parts, now);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(der.Span, hash);
        if (VerifiedCertificates.Shared.Find(hash) is { } known)
        {
            return known;
        }

        EndpointId id = VerifySignatures(parts);
        VerifiedCertificates.Shared.Add(hash, id);
        return id;
    }

    private static EndpointId VerifySignatures(CertificateParts parts)
    {
        CertificateSignature.Verify(parts);
        ReadOnlyMemory<byte> binding = FindBinding(parts);
        try
        {
            return HostKeyBinding.Verify(binding, parts.SubjectPublicKeyInfo.Span);
        }
        catch (AsnContentException e)
        {
            throw new PeerCertificateException(
                PeerCertificateError.MalformedIdentity, "The certificate's identity extension is not well-formed DER.", e);
        }
    }

    private static void CheckValidity(CertificateParts parts, DateTimeOffset now)
    {
        if (now < parts.NotBefore)
        {
            throw OutOfDate(PeerCertificateError.NotYetValid, $"The certificate is valid from {parts.NotBefore:u} on", now);
        }

        if (now > parts.NotAfter)
        {
            throw OutOfDate(PeerCertificateError.Expired, $"The certificate was valid until {parts.NotAfter:u}", now);
        }
    }

    private static PeerCertificateException OutOfDate(PeerCertificateError error, FormattableString what, DateTimeOffset now)
        => new(error, FormattableString.Invariant($"{what} and it is {now:u} here; is one of the clocks wrong?"));

    private static ReadOnlyMemory<byte> FindBinding(CertificateParts parts)
    {
        ReadOnlyMemory<byte>? binding = null;
        foreach (CertificateExtension extension in parts.Extensions)
        {
            if (extension.Oid != HostKeyBinding.Oid)
            {
                if (extension.Critical)
                {
                    throw new PeerCertificateException(
                        PeerCertificateError.UnknownCriticalExtension,
                        $"The certificate has the critical extension {ObjectIdentifierText.Shorten(extension.Oid)}, "
                            + "which is not understood here.");
                }
            }
            else if (binding is not null)
            {
                throw new PeerCertificateException(
                    PeerCertificateError.MalformedIdentity, "The certificate has more than one identity extension.");
            }
            else
            {
                binding = extension.Value;
            }
        }

        return binding ?? throw new PeerCertificateException(
            PeerCertificateError.NoIdentity,
            $"The certificate has no libp2p public key extension ({HostKeyBinding.Oid}), so it names no identity.");
    }
}
