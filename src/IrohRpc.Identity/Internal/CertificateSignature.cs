using System.Formats.Asn1;
using System.Security.Cryptography;

namespace IrohRpc.Identity.Internal;

/// <summary>Checks that a certificate is signed by its own key, with a key and a hash that are accepted.</summary>
internal static class CertificateSignature
{
    private const string EcPublicKey = "1.2.840.10045.2.1";

    /// <summary>Checks the key, the algorithm and the signature.</summary>
    /// <exception cref="PeerCertificateException">One of them is not accepted.</exception>
    public static void Verify(CertificateParts parts)
    {
        try
        {
            HashAlgorithmName hash = ReadHash(parts.SignatureAlgorithm);
            using ECDsa key = ECDsa.Create(ReadKey(parts.SubjectPublicKeyInfo));
            if (!key.VerifyData(parts.ToBeSigned.Span, parts.Signature, hash, DSASignatureFormat.Rfc3279DerSequence))
            {
                throw new PeerCertificateException(
                    PeerCertificateError.SelfSignature, "The certificate is not signed by its own key.");
            }
        }
        catch (AsnContentException e)
        {
            throw new PeerCertificateException(
                PeerCertificateError.Malformed, "The certificate's key or signature algorithm is not well-formed DER.", e);
        }
        catch (CryptographicException e) when (e is not PeerCertificateException)
        {
            throw new PeerCertificateException(
                PeerCertificateError.SelfSignature, "The certificate's key or signature is no valid value for its algorithm.", e);
        }
    }

    private static HashAlgorithmName ReadHash(ReadOnlyMemory<byte> algorithmIdentifier)
    {
        AsnReader algorithm = new AsnReader(algorithmIdentifier, AsnEncodingRules.DER).ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        HashAlgorithmName hash = oid switch
        {
            "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
            "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
            "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,

            // ECDSA with SHA-1 and SHA-224; RSA with MD2, MD4, MD5, SHA-1 (twice) and SHA-224; DSA with SHA-1 and SHA-224.
            "1.2.840.10045.4.1" or "1.2.840.10045.4.3.1"
                or "1.2.840.113549.1.1.2" or "1.2.840.113549.1.1.3" or "1.2.840.113549.1.1.4"
                or "1.2.840.113549.1.1.5" or "1.3.14.3.2.29" or "1.2.840.113549.1.1.14"
                or "1.2.840.10040.4.3" or "2.16.840.1.101.3.4.3.1" => throw new PeerCertificateException(
                    PeerCertificateError.WeakHash,
                    $"The certificate is signed over a hash of less than 256 bits (algorithm {oid})."),
            _ => throw new PeerCertificateException(
                PeerCertificateError.UnsupportedSignature,
                $"The certificate is signed with algorithm {ObjectIdentifierText.Shorten(oid)}; "
                    + "only ECDSA with SHA-256, SHA-384 or SHA-512 is accepted."),
        };
        algorithm.ThrowIfNotEmpty(); // RFC 5758, section 3.2: these algorithms have no parameters
        return hash;
    }

    private static ECParameters ReadKey(ReadOnlyMemory<byte> subjectPublicKeyInfo)
    {
        AsnReader info = new AsnReader(subjectPublicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        AsnReader algorithm = info.ReadSequence();
        string oid = algorithm.ReadObjectIdentifier();
        if (oid != EcPublicKey)
        {
            throw new PeerCertificateException(
                PeerCertificateError.UnsupportedKey,
                $"The certificate's own key is of kind {ObjectIdentifierText.Shorten(oid)}; only elliptic curve keys are accepted.");
        }

        (ECCurve curve, int coordinate) = ReadCurve(algorithm);
        byte[] point = info.ReadBitString(out int unusedBits);
        info.ThrowIfNotEmpty();
        if (unusedBits != 0 || point.Length != 1 + (2 * coordinate) || point[0] != 4)
        {
            throw new PeerCertificateException(
                PeerCertificateError.UnsupportedKey, "The certificate's own key is not an uncompressed point of its curve.");
        }

        return new ECParameters
        {
            Curve = curve,
            Q = new ECPoint { X = point[1..(1 + coordinate)], Y = point[(1 + coordinate)..] },
        };
    }

    private static (ECCurve Curve, int CoordinateBytes) ReadCurve(AsnReader algorithm)
    {
        if (!algorithm.HasData || !algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
        {
            throw new PeerCertificateException(
                PeerCertificateError.UnnamedCurve, "The certificate's own key gives its curve by parameters instead of by name.");
        }

        string oid = algorithm.ReadObjectIdentifier();
        algorithm.ThrowIfNotEmpty();
        return oid switch
        {
            "1.2.840.10045.3.1.7" => (ECCurve.NamedCurves.nistP256, 32),
            "1.3.132.0.34" => (ECCurve.NamedCurves.nistP384, 48),
            "1.3.132.0.35" => (ECCurve.NamedCurves.nistP521, 66),
            _ => throw new PeerCertificateException(
                PeerCertificateError.UnsupportedKey,
                $"The certificate's own key is on curve {ObjectIdentifierText.Shorten(oid)}; "
                    + "only P-256, P-384 and P-521 are accepted."),
        };
    }
}
