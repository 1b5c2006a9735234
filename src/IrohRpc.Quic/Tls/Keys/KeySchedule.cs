using System.Security.Cryptography;
using IrohRpc.Quic.Cryptography;

namespace IrohRpc.Quic.Tls.Keys;

/// <summary>The key schedule of TLS 1.3 (RFC 8446, section 7.1): one chain from the PSK over the key exchange to the master secret.</summary>
/// <remarks>Each step wipes the secret of the step before it. Use one instance for one handshake.</remarks>
internal sealed class KeySchedule : IDisposable
{
    private readonly SecretBytes _current;

    /// <summary>Starts with the early secret.</summary>
    /// <param name="suite">The suite whose hash is used.</param>
    /// <param name="psk">The pre-shared key, or empty where none is used.</param>
    public KeySchedule(CipherSuite suite, ReadOnlySpan<byte> psk)
    {
        Suite = suite;
        _current = new SecretBytes(suite.HashLength);
        Span<byte> zeros = stackalloc byte[TranscriptHash.MaxLength];
        zeros = zeros[..suite.HashLength];
        zeros.Clear();
        HKDF.Extract(suite.Hash, psk.IsEmpty ? zeros : psk, zeros, _current.Span);
    }

    /// <summary>The cipher suite.</summary>
    public CipherSuite Suite { get; }

    /// <summary>Mixes in the result of the key exchange: from the early secret to the handshake secret.</summary>
    /// <param name="sharedSecret">What the key exchange yields.</param>
    public void EnterHandshake(ReadOnlySpan<byte> sharedSecret) => Extract(sharedSecret);

    /// <summary>From the handshake secret to the master secret.</summary>
    public void EnterMaster()
    {
        Span<byte> zeros = stackalloc byte[TranscriptHash.MaxLength];
        zeros.Clear();
        Extract(zeros[..Suite.HashLength]);
    }

    /// <summary>Derives a secret from the current one (Derive-Secret).</summary>
    /// <param name="label">What it is for.</param>
    /// <param name="transcript">The hash of the messages that it is bound to.</param>
    /// <returns>The secret, which the caller wipes.</returns>
    public SecretBytes Derive(string label, ReadOnlySpan<byte> transcript)
    {
        var secret = new SecretBytes(Suite.HashLength);
        HkdfLabel.Expand(Suite.Hash, _current.Span, label, transcript, secret.Span);
        return secret;
    }

    /// <summary>Derives a secret that is bound to no messages.</summary>
    /// <param name="label">What it is for.</param>
    public SecretBytes DeriveUnbound(string label)
    {
        Span<byte> empty = stackalloc byte[TranscriptHash.MaxLength];
        return Derive(label, EmptyHash(empty));
    }

    /// <summary>The value of a Finished message or of a PSK binder (RFC 8446, section 4.4.4).</summary>
    /// <param name="suite">The suite whose hash is used.</param>
    /// <param name="baseKey">The traffic secret of the side that sends it, or the binder key.</param>
    /// <param name="transcript">The hash of the messages before it.</param>
    /// <param name="output">Takes as many bytes as the hash has.</param>
    public static void ComputeFinished(CipherSuite suite, ReadOnlySpan<byte> baseKey, ReadOnlySpan<byte> transcript, Span<byte> output)
    {
        Span<byte> key = stackalloc byte[TranscriptHash.MaxLength];
        key = key[..suite.HashLength];
        HkdfLabel.Expand(suite.Hash, baseKey, "finished", [], key);
        CryptographicOperations.HmacData(suite.Hash, key, transcript, output);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <inheritdoc/>
    public void Dispose() => _current.Dispose();

    private void Extract(ReadOnlySpan<byte> input)
    {
        using SecretBytes salt = DeriveUnbound("derived");
        HKDF.Extract(Suite.Hash, input, salt.Span, _current.Span);
    }

    private ReadOnlySpan<byte> EmptyHash(Span<byte> output) => output[..CryptographicOperations.HashData(Suite.Hash, [], output)];
}
