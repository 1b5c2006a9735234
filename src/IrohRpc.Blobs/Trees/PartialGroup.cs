using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>The wire form of a group of which only some chunks are asked for: the pairs on the way to them, then the chunks.</summary>
internal static class PartialGroup
{
    /// <summary>The most bytes that a group takes: each of its chunks by itself.</summary>
    public const int MaxEncodedSize = BlobTree.GroupSize + ((BlobTree.ChunksPerGroup - 1) * BlobTree.PairSize);

    /// <summary>Writes the parts that are asked for and computes the chaining value of the whole group.</summary>
    /// <param name="data">The data of the group, or of the part of it at hand.</param>
    /// <param name="firstChunk">The number of its first chunk.</param>
    /// <param name="isRoot">Whether the group is the whole blob.</param>
    /// <param name="ranges">What is asked for, fitted to the blob.</param>
    /// <param name="encoded">Where the wire form goes.</param>
    /// <param name="value">Where the chaining value goes.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(
        ReadOnlySpan<byte> data, ulong firstChunk, bool isRoot, ChunkRanges ranges, Span<byte> encoded, scoped Span<byte> value)
    {
        ulong end = firstChunk + (ulong)ChunkCount(data.Length);
        if (!ranges.ContainsAny(firstChunk, end))
        {
            Blake3.HashSubtree(data, firstChunk, isRoot, value);
            return 0;
        }

        if (ranges.ContainsAll(firstChunk, end))
        {
            Blake3.HashSubtree(data, firstChunk, isRoot, value);
            data.CopyTo(encoded);
            return data.Length;
        }

        int left = LeftSize(data.Length);
        Span<byte> pair = encoded[..BlobTree.PairSize];
        int written = BlobTree.PairSize;
        written += Encode(data[..left], firstChunk, false, ranges, encoded[written..], pair[..Blake3.HashSize]);
        written += Encode(
            data[left..], firstChunk + (ulong)(left / Blake3.ChunkSize), false, ranges, encoded[written..], pair[Blake3.HashSize..]);
        Blake3.HashParent(pair, isRoot, value);
        return written;
    }

    /// <summary>How many bytes <see cref="Encode"/> writes.</summary>
    public static int EncodedSize(int size, ulong firstChunk, ChunkRanges ranges)
    {
        ulong end = firstChunk + (ulong)ChunkCount(size);
        if (!ranges.ContainsAny(firstChunk, end))
        {
            return 0;
        }

        if (ranges.ContainsAll(firstChunk, end))
        {
            return size;
        }

        int left = LeftSize(size);
        return BlobTree.PairSize
            + EncodedSize(left, firstChunk, ranges)
            + EncodedSize(size - left, firstChunk + (ulong)(left / Blake3.ChunkSize), ranges);
    }

    /// <summary>Verifies a wire form and puts its chunks where they belong in the group.</summary>
    /// <returns>Whether everything hashes to what was expected.</returns>
    public static bool Decode(
        ref ReadOnlySpan<byte> encoded, ulong firstChunk, bool isRoot, ChunkRanges ranges, scoped ReadOnlySpan<byte> expected, scoped Span<byte> data)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        ulong end = firstChunk + (ulong)ChunkCount(data.Length);
        if (!ranges.ContainsAny(firstChunk, end))
        {
            return true;
        }

        if (ranges.ContainsAll(firstChunk, end))
        {
            encoded[..data.Length].CopyTo(data);
            encoded = encoded[data.Length..];
            Blake3.HashSubtree(data, firstChunk, isRoot, actual);
            return actual.SequenceEqual(expected);
        }

        ReadOnlySpan<byte> pair = encoded[..BlobTree.PairSize];
        encoded = encoded[BlobTree.PairSize..];
        Blake3.HashParent(pair, isRoot, actual);
        int left = LeftSize(data.Length);
        return actual.SequenceEqual(expected)
            && Decode(ref encoded, firstChunk, false, ranges, pair[..Blake3.HashSize], data[..left])
            && Decode(ref encoded, firstChunk + (ulong)(left / Blake3.ChunkSize), false, ranges, pair[Blake3.HashSize..], data[left..]);
    }

    private static int ChunkCount(int size) => Math.Max(1, (size + Blake3.ChunkSize - 1) / Blake3.ChunkSize);

    private static int LeftSize(int size)
        => (int)(System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ChunkCount(size)) / 2) * Blake3.ChunkSize;
}
