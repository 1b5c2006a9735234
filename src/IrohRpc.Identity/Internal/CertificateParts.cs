using System.Formats.Asn1;
using System.Numerics;

namespace IrohRpc.Identity.Internal;

/// <summary>
/// What verification needs of a certificate (RFC 5280, section 4.1), read strictly as DER. Nothing in it is verified yet, and
/// its memory is the certificate's own.
/// </summary>
internal sealed class CertificateParts
{
    private static readonly Asn1Tag Version = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag IssuerUniqueId = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SubjectUniqueId = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ExtensionList = new(TagClass.ContextSpecific, 3);

    /// <summary>The part that is signed, as encoded.</summary>
    public required ReadOnlyMemory<byte> ToBeSigned { get; init; }

    /// <summary>The AlgorithmIdentifier of the signature, as encoded.</summary>
    public required ReadOnlyMemory<byte> SignatureAlgorithm { get; init; }

    /// <summary>The signature.</summary>
    public required byte[] Signature { get; init; }

    /// <summary>When validity starts.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>When validity ends, inclusive.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The certificate's own public key, as encoded.</summary>
    public required ReadOnlyMemory<byte> SubjectPublicKeyInfo { get; init; }

    /// <summary>The extensions, in their order.</summary>
    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    /// <summary>Reads a certificate.</summary>
    /// <exception cref="PeerCertificateException">The bytes are not one certificate of version 3.</exception>
    public static CertificateParts Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            return ReadCertificate(der);
        }
        catch (AsnContentException e)
        {
            throw new PeerCertificateException(PeerCertificateError.Malformed, "The certificate is not well-formed DER.", e);
        }
    }

    private static CertificateParts ReadCertificate(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        AsnReader certificate = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        ReadOnlyMemory<byte> toBeSigned = certificate.PeekEncodedValue();
        AsnReader body = certificate.ReadSequence();
        ReadOnlyMemory<byte> algorithm = ReadEncodedSequence(certificate);
        byte[] signature = certificate.ReadBitString(out int unusedBits);
        certificate.ThrowIfNotEmpty();
        if (unusedBits != 0)
        {
            throw Malformed("its signature is not a whole number of bytes");
        }

        ReadVersion(body);
        body.ReadIntegerBytes();
        if (!ReadEncodedSequence(body).Span.SequenceEqual(algorithm.Span))
        {
            throw Malformed("it names two different signature algorithms");
        }

        ReadEncodedSequence(body); // issuer: the self-signature says who that is
        AsnReader validity = body.ReadSequence();
        DateTimeOffset notBefore = ReadTime(validity);
        DateTimeOffset notAfter = ReadTime(validity);
        validity.ThrowIfNotEmpty();
        ReadEncodedSequence(body); // subject: the identity extension says who that is
        ReadOnlyMemory<byte> subjectPublicKeyInfo = ReadEncodedSequence(body);
        List<CertificateExtension> extensions = ReadExtensions(body);
        body.ThrowIfNotEmpty();

        return new CertificateParts
        {
            ToBeSigned = toBeSigned,
            SignatureAlgorithm = algorithm,
            Signature = signature,
            NotBefore = notBefore,
            NotAfter = notAfter,
            SubjectPublicKeyInfo = subjectPublicKeyInfo,
            Extensions = extensions,
        };
    }

    private static void ReadVersion(AsnReader body)
    {
        if (!body.HasData || !body.PeekTag().HasSameClassAndValue(Version))
        {
            throw Malformed("it is of X.509 version 1, which has no extensions");
        }

        AsnReader wrapper = body.ReadSequence(Version);
        BigInteger version = wrapper.ReadInteger();
        wrapper.ThrowIfNotEmpty();
        if (version != 2)
        {
            throw Malformed("it is not of X.509 version 3");
        }
    }

    private static List<CertificateExtension> ReadExtensions(AsnReader body)
    {
        var extensions = new List<CertificateExtension>();
        if (!body.HasData)
        {
            return extensions;
        }

        Asn1Tag tag = body.PeekTag();
        if (tag.HasSameClassAndValue(IssuerUniqueId) || tag.HasSameClassAndValue(SubjectUniqueId))
        {
            throw Malformed("it has a unique id of its issuer or subject, which the libp2p TLS specification rules out");
        }

        AsnReader wrapper = body.ReadSequence(ExtensionList);
        AsnReader list = wrapper.ReadSequence();
        wrapper.ThrowIfNotEmpty();
        while (list.HasData)
        {
            AsnReader extension = list.ReadSequence();
            string oid = extension.ReadObjectIdentifier();
            bool critical = extension.HasData && extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            if (!extension.TryReadPrimitiveOctetString(out ReadOnlyMemory<byte> value))
            {
                throw Malformed("the value of an extension is not primitive");
            }

            extension.ThrowIfNotEmpty();
            extensions.Add(new CertificateExtension(oid, critical, value));
        }

        return extensions;
    }

    private static DateTimeOffset ReadTime(AsnReader validity)
        => validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime)
            ? validity.ReadUtcTime(2049) // RFC 5280, section 4.1.2.5.1: two digits name the years 1950 to 2049
            : validity.ReadGeneralizedTime();

    private static ReadOnlyMemory<byte> ReadEncodedSequence(AsnReader reader)
    {
        ReadOnlyMemory<byte> encoded = reader.PeekEncodedValue();
        reader.ReadSequence();
        return encoded;
    }

    private static PeerCertificateException Malformed(string why)
        => new(PeerCertificateError.Malformed, $"The certificate is malformed: {why}.");
}
