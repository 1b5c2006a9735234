using System.Security.Cryptography;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Keys;

/// <summary>Key exchange on P-256 (RFC 8446, sections 4.2.8.2 and 7.4.2).</summary>
internal sealed class P256KeyShare : KeyShare
{
    private const int CoordinateLength = 32;
    private const byte Uncompressed = 4;

    private readonly ECDiffieHellman _key = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _publicKey;

    /// <summary>Makes a key from the operating system's random numbers.</summary>
    public P256KeyShare()
    {
        ECPoint point = _key.ExportParameters(includePrivateParameters: false).Q;
        _publicKey = [Uncompressed, .. point.X!, .. point.Y!];
    }

    /// <inheritdoc/>
    public override NamedGroup Group => NamedGroup.Secp256r1;

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> PublicKey => _publicKey;

    /// <inheritdoc/>
    public override SecretBytes Agree(ReadOnlySpan<byte> peerPublicKey)
    {
        if (peerPublicKey.Length != 1 + (2 * CoordinateLength) || peerPublicKey[0] != Uncompressed)
        {
            throw TlsAlertException.Illegal("The P-256 public key is not an uncompressed point.");
        }

        byte[]? shared = null;
        try
        {
            using ECDiffieHellman peer = ECDiffieHellman.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint
                {
                    X = peerPublicKey.Slice(1, CoordinateLength).ToArray(),
                    Y = peerPublicKey[(1 + CoordinateLength)..].ToArray(),
                },
            });
            using ECDiffieHellmanPublicKey publicKey = peer.PublicKey;
            shared = _key.DeriveRawSecretAgreement(publicKey);
            return new SecretBytes(shared);
        }
        catch (CryptographicException exception)
        {
            throw new TlsAlertException(AlertDescription.IllegalParameter, "The P-256 public key is not a point of the curve.", exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(shared);
        }
    }

    /// <inheritdoc/>
    public override void Dispose() => _key.Dispose();
}
