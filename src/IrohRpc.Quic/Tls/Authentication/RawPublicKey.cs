using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Authentication;

/// <summary>An Ed25519 key as a SubjectPublicKeyInfo (RFC 8410, section 4): the content of a Certificate message of RFC 7250.</summary>
internal static class RawPublicKey
{
    /// <summary>The length of the encoding: always the same.</summary>
    public const int Length = 44;

    // DER has exactly one encoding of each key, so all but the key's own bytes is fixed.
    private static ReadOnlySpan<byte> Prefix => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>Encodes a key.</summary>
    /// <param name="id">The key.</param>
    public static byte[] Encode(EndpointId id)
    {
        byte[] encoded = new byte[Length];
        Prefix.CopyTo(encoded);
        id.CopyTo(encoded.AsSpan(Prefix.Length));
        return encoded;
    }

    /// <summary>Reads a key.</summary>
    /// <param name="encoded">What the peer showed; any bytes.</param>
    /// <exception cref="TlsAlertException">It is not an Ed25519 key.</exception>
    public static EndpointId Decode(ReadOnlySpan<byte> encoded)
        => encoded.Length == Length && encoded.StartsWith(Prefix)
            ? new EndpointId(encoded[Prefix.Length..])
            : throw new TlsAlertException(AlertDescription.UnsupportedCertificate, "The peer's public key is not an Ed25519 key.");
}
