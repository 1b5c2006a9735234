using System.Buffers.Binary;
using IrohRpc.Quic.Cryptography;

namespace IrohRpc.Quic.Protection;

/// <summary>The key and the initialization vector that protect packets' payloads (RFC 9001, section 5.3) in one direction.</summary>
internal sealed class PacketKey : IDisposable
{
    private readonly Aead _aead;
    private readonly ulong _ivLow;
    private readonly uint _ivHigh;

    /// <summary>Derives the key from a traffic secret.</summary>
    public PacketKey(CipherSuite suite, ReadOnlySpan<byte> secret)
    {
        Span<byte> key = stackalloc byte[suite.KeyLength];
        HkdfLabel.Expand(suite.Hash, secret, "quic key", [], key);
        _aead = Aead.Create(suite, key);
        key.Clear();
        Span<byte> iv = stackalloc byte[CipherSuite.IvLength];
        HkdfLabel.Expand(suite.Hash, secret, "quic iv", [], iv);
        _ivHigh = BinaryPrimitives.ReadUInt32BigEndian(iv);
        _ivLow = BinaryPrimitives.ReadUInt64BigEndian(iv[4..]);
    }

    /// <summary>Encrypts a payload in place.</summary>
    /// <param name="packetNumber">The packet number.</param>
    /// <param name="header">What is authenticated beside the payload.</param>
    /// <param name="payload">The payload.</param>
    /// <param name="tag">Where the tag goes.</param>
    /// <param name="pathId">The path whose packet number it is (draft-ietf-quic-multipath, section 2.4).</param>
    public void Seal(long packetNumber, ReadOnlySpan<byte> header, Span<byte> payload, Span<byte> tag, uint pathId = 0)
    {
        Span<byte> nonce = stackalloc byte[CipherSuite.IvLength];
        WriteNonce(nonce, packetNumber, pathId);
        _aead.Seal(nonce, header, payload, tag);
    }

    /// <summary>Decrypts a payload in place.</summary>
    /// <returns>False where it was not sealed with this key; the payload is destroyed then, the tag is not.</returns>
    public bool TryOpen(long packetNumber, ReadOnlySpan<byte> header, Span<byte> payload, ReadOnlySpan<byte> tag, uint pathId = 0)
    {
        Span<byte> nonce = stackalloc byte[CipherSuite.IvLength];
        WriteNonce(nonce, packetNumber, pathId);
        return _aead.TryOpen(nonce, header, payload, tag);
    }

    /// <inheritdoc/>
    public void Dispose() => _aead.Dispose();

    private void WriteNonce(Span<byte> nonce, long packetNumber, uint pathId)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, _ivHigh ^ pathId);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _ivLow ^ (ulong)packetNumber);
    }
}
