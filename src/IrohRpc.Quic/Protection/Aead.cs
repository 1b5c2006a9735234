using System.Security.Cryptography;
using IrohRpc.Quic.Cryptography;

namespace IrohRpc.Quic.Protection;

/// <summary>Authenticated encryption with one key, in place and without allocation.</summary>
internal abstract class Aead : IDisposable
{
    /// <summary>Sets up the cipher of a suite.</summary>
    public static Aead Create(CipherSuite suite, ReadOnlySpan<byte> key)
        => suite == CipherSuite.ChaCha20Poly1305 ? new ChaCha20Poly1305Aead(key) : new AesGcmAead(key);

    /// <summary>Encrypts in place.</summary>
    public abstract void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag);

    /// <summary>Decrypts in place.</summary>
    /// <returns>False where the tag does not fit; the text is destroyed then.</returns>
    public abstract bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class AesGcmAead(ReadOnlySpan<byte> key) : Aead
    {
        private readonly AesGcm _cipher = new(key, CipherSuite.TagLength);

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
            => _cipher.Encrypt(nonce, text, text, tag, associatedData);

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
        {
            try
            {
                _cipher.Decrypt(nonce, text, tag, text, associatedData);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _cipher.Dispose();
    }

    private sealed class ChaCha20Poly1305Aead(ReadOnlySpan<byte> key) : Aead
    {
        private readonly ChaCha20Poly1305 _cipher = new(key);

        public override void Seal(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, Span<byte> tag)
            => _cipher.Encrypt(nonce, text, text, tag, associatedData);

        public override bool TryOpen(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> associatedData, Span<byte> text, ReadOnlySpan<byte> tag)
        {
            try
            {
                _cipher.Decrypt(nonce, text, tag, text, associatedData);
                return true;
            }
            catch (AuthenticationTagMismatchException)
            {
                return false;
            }
        }

        public override void Dispose() => _cipher.Dispose();
    }
}
