using System.Formats.Asn1;
using System.Security.Cryptography;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

/// <summary>Makes certificates by hand, valid ones unless told otherwise, so that each rule can be broken alone.</summary>
internal sealed class CertificateForge : IDisposable
{
    public const string EcdsaSha256 = "1.2.840.10045.4.3.2";

    public SecretKey Identity { get; } = SecretKey.Generate();

    public ECDsa Key { get; init; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public HashAlgorithmName Hash { get; init; } = HashAlgorithmName.SHA256;

    public string Algorithm { get; init; } = EcdsaSha256;

    public string? InnerAlgorithm { get; init; }

    public int? Version { get; init; } = 2;

    public DateTimeOffset NotBefore { get; init; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset NotAfter { get; init; } = new(2055, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public byte[]? SubjectPublicKeyInfo { get; init; }

    public int? UniqueId { get; init; }

    /// <summary>Makes the value of the identity extension from the key's encoding; an honest one unless set.</summary>
    public Func<SecretKey, byte[], byte[]> Binding { get; init; } = static (identity, key) => HostKeyBinding.Create(identity, key);

    public bool BindingIsCritical { get; init; }

    public int Bindings { get; init; } = 1;

    public List<(string Oid, bool Critical, byte[] Value)> OtherExtensions { get; init; } = [];

    public Func<byte[], byte[]> ChangeToBeSigned { get; init; } = static bytes => bytes;

    public Func<byte[], byte[]> ChangeSignature { get; init; } = static bytes => bytes;

    public byte[] Build()
    {
        byte[] toBeSigned = ChangeToBeSigned(ToBeSigned());
        byte[] signature = ChangeSignature(Key.SignData(toBeSigned, Hash, DSASignatureFormat.Rfc3279DerSequence));
        var algorithm = new AsnWriter(AsnEncodingRules.DER);
        WriteAlgorithm(algorithm, Algorithm);
        var bits = new AsnWriter(AsnEncodingRules.DER);
        bits.WriteBitString(signature);

        // Put together by hand, because a changed first part is no ASN.1 that a writer would take.
        byte[] content = [.. toBeSigned, .. algorithm.Encode(), .. bits.Encode()];
        byte[] length = content.Length < 256
            ? [0x81, (byte)content.Length]
            : [0x82, (byte)(content.Length >> 8), (byte)content.Length];
        return [0x30, .. length, .. content];
    }

    public void Dispose()
    {
        Identity.Dispose();
        Key.Dispose();
    }

    private byte[] ToBeSigned()
    {
        byte[] key = SubjectPublicKeyInfo ?? Key.ExportSubjectPublicKeyInfo();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            if (Version is { } version)
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    writer.WriteInteger(version);
                }
            }

            writer.WriteInteger(7);
            WriteAlgorithm(writer, InnerAlgorithm ?? Algorithm);
            writer.WriteEncodedValue([0x30, 0]);
            using (writer.PushSequence())
            {
                writer.WriteGeneralizedTime(NotBefore, omitFractionalSeconds: true);
                writer.WriteGeneralizedTime(NotAfter, omitFractionalSeconds: true);
            }

            writer.WriteEncodedValue([0x30, 0]);
            writer.WriteEncodedValue(key);
            if (UniqueId is { } uniqueId)
            {
                writer.WriteBitString([1], 0, new Asn1Tag(TagClass.ContextSpecific, uniqueId));
            }

            WriteExtensions(writer, key);
        }

        return writer.Encode();
    }

    private void WriteExtensions(AsnWriter writer, byte[] key)
    {
        IEnumerable<(string Oid, bool Critical, byte[] Value)> extensions =
            Enumerable.Repeat((HostKeyBinding.Oid, BindingIsCritical, Binding(Identity, key)), Bindings).Concat(OtherExtensions);
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
        using (writer.PushSequence())
        {
            foreach ((string oid, bool critical, byte[] value) in extensions)
            {
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(oid);
                    if (critical)
                    {
                        writer.WriteBoolean(true);
                    }

                    writer.WriteOctetString(value);
                }
            }
        }
    }

    private static void WriteAlgorithm(AsnWriter writer, string oid)
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(oid);
        }
    }
}
