using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>Takes what a <see cref="TlsHandshake"/> produces, in the order in which it takes effect.</summary>
/// <remarks>Called synchronously from within the handshake's methods. Spans are valid during the call only.</remarks>
internal interface ITlsHandshakeSink
{
    /// <summary>Bytes to send in CRYPTO frames, after those that were handed over before for the same level.</summary>
    /// <param name="level">The level to send at.</param>
    /// <param name="data">The bytes.</param>
    void OnCryptoData(EncryptionLevel level, ReadOnlySpan<byte> data);

    /// <summary>A secret from which packet protection keys are derived (RFC 9001, section 5.1).</summary>
    /// <param name="level">The level that the secret protects.</param>
    /// <param name="direction">Whether it protects what is received or what is sent.</param>
    /// <param name="suite">The cipher suite.</param>
    /// <param name="secret">The secret; whoever copies it wipes the copy.</param>
    void OnSecret(EncryptionLevel level, SecretDirection direction, CipherSuite suite, ReadOnlySpan<byte> secret);

    /// <summary>A ticket arrived with which a later connection to the same peer can resume this session.</summary>
    /// <param name="session">The session, which the receiver owns and disposes.</param>
    void OnSession(TlsSession session);
}
