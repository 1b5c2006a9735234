using System.Security.Cryptography;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tls.Keys;

/// <summary>The hash over all handshake messages so far (RFC 8446, section 4.4.1).</summary>
internal sealed class TranscriptHash : IDisposable
{
    /// <summary>The longest hash of any cipher suite.</summary>
    public const int MaxLength = SHA384.HashSizeInBytes;

    private readonly IncrementalHash _hash;

    /// <summary>Starts with no message.</summary>
    /// <param name="suite">The suite whose hash is used.</param>
    public TranscriptHash(CipherSuite suite) => _hash = IncrementalHash.CreateHash(suite.Hash);

    /// <summary>Adds messages, or a part of one.</summary>
    /// <param name="messages">The bytes with the messages' headers.</param>
    public void Append(ReadOnlySpan<byte> messages) => _hash.AppendData(messages);

    /// <summary>The hash so far; more can be added afterwards.</summary>
    /// <param name="output">Takes the hash; at least <see cref="MaxLength"/> long.</param>
    /// <returns>The part of <paramref name="output"/> that the hash fills.</returns>
    public ReadOnlySpan<byte> GetCurrent(Span<byte> output) => output[.._hash.GetCurrentHash(output)];

    /// <summary>Replaces the first ClientHello by its hash, as a HelloRetryRequest demands.</summary>
    public void ReplaceByMessageHash()
    {
        Span<byte> message = stackalloc byte[4 + MaxLength];
        int length = _hash.GetHashAndReset(message[4..]);
        message[0] = (byte)HandshakeType.MessageHash;
        message[1] = 0;
        message[2] = 0;
        message[3] = (byte)length;
        _hash.AppendData(message[..(4 + length)]);
    }

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
