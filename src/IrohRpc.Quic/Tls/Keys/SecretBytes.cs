using System.Security.Cryptography;

namespace IrohRpc.Quic.Tls.Keys;

/// <summary>A secret on the managed heap that the collector does not copy and that is wiped when it is no longer needed.</summary>
internal sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;

    /// <summary>Makes a secret of zeros for the caller to fill.</summary>
    /// <param name="length">Its length in bytes.</param>
    public SecretBytes(int length) => _bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>Copies a secret.</summary>
    /// <param name="secret">The secret.</param>
    public SecretBytes(ReadOnlySpan<byte> secret)
        : this(secret.Length) => secret.CopyTo(_bytes);

    /// <summary>The secret.</summary>
    public Span<byte> Span => _bytes;

    /// <summary>Wipes the secret.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
