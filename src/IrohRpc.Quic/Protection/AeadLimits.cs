using IrohRpc.Quic.Cryptography;

namespace IrohRpc.Quic.Protection;

/// <summary>How often a key may be used (RFC 9001, section 6.6).</summary>
/// <param name="Confidentiality">How many packets one key may seal.</param>
/// <param name="Integrity">How many packets that fail authentication a connection may receive, all its keys together.</param>
/// <param name="Update">After how many sealed packets keys are updated on our own initiative.</param>
internal sealed record AeadLimits(long Confidentiality, long Integrity, long Update)
{
    private static readonly AeadLimits Aes = new(1L << 23, 1L << 52, 1L << 22);
    private static readonly AeadLimits ChaCha20 = new(long.MaxValue, 1L << 36, 1L << 40);

    /// <summary>How many packets before <see cref="Confidentiality"/> are kept for saying that the connection is closed.</summary>
    public const int ReservedForClose = 64;

    /// <summary>The limits of a cipher suite.</summary>
    public static AeadLimits For(CipherSuite suite) => suite == CipherSuite.ChaCha20Poly1305 ? ChaCha20 : Aes;
}
