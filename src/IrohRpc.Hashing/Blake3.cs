using IrohRpc.Hashing.Internal;

namespace IrohRpc.Hashing;

/// <summary>
/// BLAKE3 in its default mode with 32 bytes of output, and the nodes of its tree by themselves: with them a part of some data is checked
/// against the hash of the whole.
/// </summary>
/// <remarks>
/// A chunk is 1,024 bytes, a node the hash of two chaining values (specification, section 2.1). The widest vectors of the machine are used:
/// sixteen chunks at once with AVX-512, eight with AVX2, four with SSE4.1 and NEON. All members are safe to call from several threads at once.
/// </remarks>
public static class Blake3
{
    /// <summary>The length of a hash and of a chaining value in bytes.</summary>
    public const int HashSize = 32;

    /// <summary>The length of a chunk, a leaf of the tree, in bytes.</summary>
    public const int ChunkSize = 1024;

    /// <summary>Hashes data.</summary>
    /// <param name="data">The data; any length.</param>
    /// <param name="destination">Where the <see cref="HashSize"/> bytes go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
        => HashSubtree(data, 0, isRoot: true, destination);

    /// <summary>Hashes data.</summary>
    /// <param name="data">The data; any length.</param>
    /// <returns>The <see cref="HashSize"/> bytes.</returns>
    public static byte[] Hash(ReadOnlySpan<byte> data)
    {
        var hash = new byte[HashSize];
        Hash(data, hash);
        return hash;
    }

    /// <summary>The chaining value of a part of the data that is a subtree.</summary>
    /// <param name="data">The bytes: a power of two of whole chunks, or less where the data ends with them.</param>
    /// <param name="firstChunk">The number of the first chunk in the whole data, a multiple of the number of chunks.</param>
    /// <param name="isRoot">Whether these are all the data, so that the result is the hash.</param>
    /// <param name="destination">Where the <see cref="HashSize"/> bytes go.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public static void HashSubtree(ReadOnlySpan<byte> data, ulong firstChunk, bool isRoot, Span<byte> destination)
    {
        ThrowIfShort(destination);
        SubtreeHashing.Hash(data, firstChunk, isRoot, SubtreeHashing.HardwareLanes, destination);
    }

    /// <summary>The chaining value of an inner node.</summary>
    /// <param name="children">The chaining values of its children, left and right: 64 bytes.</param>
    /// <param name="isRoot">Whether the node is the root, so that the result is the hash.</param>
    /// <param name="destination">Where the <see cref="HashSize"/> bytes go.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void HashParent(ReadOnlySpan<byte> children, bool isRoot, Span<byte> destination)
    {
        if (children.Length != 2 * HashSize)
        {
            throw new ArgumentException($"A node has two children of {HashSize} bytes; these are {children.Length} bytes.", nameof(children));
        }

        ThrowIfShort(destination);
        Compression.HashParent(children, isRoot, destination);
    }

    private static void ThrowIfShort(Span<byte> destination)
    {
        if (destination.Length < HashSize)
        {
            throw new ArgumentException($"A hash needs {HashSize} bytes; there is room for {destination.Length}.", nameof(destination));
        }
    }
}
