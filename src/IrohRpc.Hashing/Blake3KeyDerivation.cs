using System.Runtime.InteropServices;
using System.Text;
using IrohRpc.Hashing.Internal;

namespace IrohRpc.Hashing;

/// <summary>BLAKE3's key derivation mode (specification, section 2.3) for material of one chunk.</summary>
public static class Blake3KeyDerivation
{
    /// <summary>The longest material, in bytes.</summary>
    public const int MaxMaterialLength = Blake3.ChunkSize;

    /// <summary>Derives 32 bytes from key material.</summary>
    /// <param name="context">What the result is for: a constant of the application, at most 1,024 bytes in UTF-8.</param>
    /// <param name="material">The material, at most <see cref="MaxMaterialLength"/> bytes.</param>
    /// <param name="destination">Where the <see cref="Blake3.HashSize"/> bytes go.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void DeriveKey(string context, ReadOnlySpan<byte> material, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(context);
        byte[] contextBytes = Encoding.UTF8.GetBytes(context);
        if (contextBytes.Length > Blake3.ChunkSize)
        {
            throw new ArgumentException($"The context has {contextBytes.Length} bytes; {Blake3.ChunkSize} are allowed.", nameof(context));
        }

        if (material.Length > MaxMaterialLength)
        {
            throw new ArgumentException($"The material has {material.Length} bytes; {MaxMaterialLength} are allowed.", nameof(material));
        }

        if (destination.Length < Blake3.HashSize)
        {
            throw new ArgumentException($"The key needs {Blake3.HashSize} bytes; there is room for {destination.Length}.", nameof(destination));
        }

        Span<uint> key = stackalloc uint[8];
        Blake3Constants.Iv.CopyTo(key);
        Compression.HashRootChunk(contextBytes, Blake3Constants.DeriveKeyContext, key);
        Compression.HashRootChunk(material, Blake3Constants.DeriveKeyMaterial, key);
        MemoryMarshal.AsBytes(key).CopyTo(destination);
    }
}
