using System.Formats.Asn1;
using System.Globalization;

namespace IrohRpc.Identity.Internal;

/// <summary>
/// The libp2p public key extension (libp2p TLS specification, "libp2p Public Key Extension"): the Ed25519 identity and its
/// signature over the certificate's own public key.
/// </summary>
internal static class HostKeyBinding
{
    /// <summary>The object identifier of the extension.</summary>
    public const string Oid = "1.3.6.1.4.1.53594.1.1";

    // The protobuf PublicKey {1: type, 2: data} is to be encoded in exactly one way, so an Ed25519 key always starts so.
    private static ReadOnlySpan<byte> Ed25519KeyHeader => [0x08, 0x01, 0x12, EndpointId.Size];

    private static ReadOnlySpan<byte> SignaturePrefix => "libp2p-tls-handshake:"u8;

    /// <summary>The extension's value for a certificate whose key is <paramref name="subjectPublicKeyInfo"/>.</summary>
    public static byte[] Create(SecretKey identity, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        Span<byte> publicKey = stackalloc byte[Ed25519KeyHeader.Length + EndpointId.Size];
        Ed25519KeyHeader.CopyTo(publicKey);
        identity.Id.CopyTo(publicKey[Ed25519KeyHeader.Length..]);

        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteOctetString(publicKey);
            writer.WriteOctetString(identity.Sign(SignedMessage(subjectPublicKeyInfo)));
        }

        return writer.Encode();
    }

    /// <summary>Reads the extension's value and checks its signature.</summary>
    /// <exception cref="PeerCertificateException">It proves no Ed25519 identity.</exception>
    /// <exception cref="AsnContentException">It is not DER.</exception>
    public static EndpointId Verify(ReadOnlyMemory<byte> extension, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        var reader = new AsnReader(extension, AsnEncodingRules.DER);
        AsnReader signedKey = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        byte[] publicKey = signedKey.ReadOctetString();
        byte[] signature = signedKey.ReadOctetString();
        signedKey.ThrowIfNotEmpty();

        EndpointId id = ReadPublicKey(publicKey);
        return id.Verify(SignedMessage(subjectPublicKeyInfo), signature)
            ? id
            : throw new PeerCertificateException(
                PeerCertificateError.IdentitySignature,
                $"The certificate claims the identity {id} but is not signed by it.");
    }

    private static EndpointId ReadPublicKey(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length == Ed25519KeyHeader.Length + EndpointId.Size && encoded.StartsWith(Ed25519KeyHeader))
        {
            return new EndpointId(encoded[Ed25519KeyHeader.Length..]);
        }

        throw encoded is [0x08, var type and < 0x80, ..] && type != Ed25519KeyHeader[1]
            ? new PeerCertificateException(
                PeerCertificateError.UnsupportedIdentity,
                $"The certificate's identity is a key of type {KeyTypeName(type)}; only Ed25519 identities are accepted.")
            : new PeerCertificateException(
                PeerCertificateError.MalformedIdentity,
                "The certificate's identity is not a public key as libp2p encodes one.");
    }

    private static string KeyTypeName(byte type) => type switch
    {
        0 => "RSA",
        2 => "Secp256k1",
        3 => "ECDSA",
        _ => type.ToString(CultureInfo.InvariantCulture),
    };

    private static byte[] SignedMessage(ReadOnlySpan<byte> subjectPublicKeyInfo) => [.. SignaturePrefix, .. subjectPublicKeyInfo];
}
