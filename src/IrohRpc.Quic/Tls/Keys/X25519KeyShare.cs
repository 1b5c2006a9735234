using System.Security.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;
using NSec.Cryptography;

namespace IrohRpc.Quic.Tls.Keys;

/// <summary>Key exchange on Curve25519 (RFC 7748; RFC 8446, section 7.4.2).</summary>
internal sealed class X25519KeyShare : KeyShare
{
    private readonly Key _key;
    private readonly byte[] _publicKey;

    /// <summary>Makes a key.</summary>
    /// <param name="random">Where the private half comes from.</param>
    public X25519KeyShare(RandomFill random)
    {
        Span<byte> secret = stackalloc byte[32];
        random(secret);
        try
        {
            _key = Key.Import(KeyAgreementAlgorithm.X25519, secret, KeyBlobFormat.RawPrivateKey);
            _publicKey = _key.PublicKey.Export(KeyBlobFormat.RawPublicKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc/>
    public override NamedGroup Group => NamedGroup.X25519;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <inheritdoc/>
    public override SecretBytes Agree(ReadOnlySpan<byte> peerPublicKey)
    {
        var parameters = new SharedSecretCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextArchiving };
        if (!NSec.Cryptography.PublicKey.TryImport(
                KeyAgreementAlgorithm.X25519, peerPublicKey, KeyBlobFormat.RawPublicKey, out PublicKey? peer))
        {
            throw TlsAlertException.Illegal("The X25519 public key does not have 32 bytes, or is of small order.");
        }

        // Null means the all-zero result, by which a point of small order fixes the secret (RFC 8446, section 7.4.2).
        using SharedSecret shared = KeyAgreementAlgorithm.X25519.Agree(_key, peer!, in parameters)
            ?? throw TlsAlertException.Illegal("The X25519 public key is a point of small order.");
        var secret = new SecretBytes(KeyAgreementAlgorithm.X25519.SharedSecretSize);
        shared.TryExport(SharedSecretBlobFormat.RawSharedSecret, secret.Span, out _);
        return secret;
    }

    /// <inheritdoc/>
    public override void Dispose() => _key.Dispose();
}
