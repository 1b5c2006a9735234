using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Keys;

/// <summary>One side's ephemeral key of a key exchange.</summary>
internal abstract class KeyShare : IDisposable
{
    /// <summary>The group.</summary>
    public abstract NamedGroup Group { get; }

    /// <summary>The public half as it stands in the key_share extension.</summary>
    public abstract ReadOnlySpan<byte> PublicKey { get; }

    /// <summary>Makes a key.</summary>
    /// <param name="group">The group.</param>
    /// <param name="random">Where the key comes from.</param>
    public static KeyShare Create(NamedGroup group, RandomFill random) => group switch
    {
        NamedGroup.X25519 => new X25519KeyShare(random),
        NamedGroup.Secp256r1 => new P256KeyShare(),
        _ => throw new ArgumentOutOfRangeException(nameof(group)),
    };

    /// <summary>Computes the shared secret.</summary>
    /// <param name="peerPublicKey">The peer's public half; any bytes are safe to pass.</param>
    /// <exception cref="TlsAlertException">It is no public key that can be used.</exception>
    public abstract SecretBytes Agree(ReadOnlySpan<byte> peerPublicKey);

    /// <inheritdoc/>
    public abstract void Dispose();
}
