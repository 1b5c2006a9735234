using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>
/// A whole subtree of at most <see cref="MaxGroups"/> groups, which is read, verified and written in one go: its data, and its inner nodes in
/// pre-order, each in one run of bytes.
/// </summary>
internal static class Block
{
    public const int MaxGroups = 16;

    public const int MaxDataSize = MaxGroups * BlobTree.GroupSize;

    public const int MaxPairsSize = (MaxGroups - 1) * BlobTree.PairSize;

    public const int MaxEncodedSize = MaxDataSize + MaxPairsSize;

    /// <summary>Verifies data and pairs against a chaining value.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="node">The subtree.</param>
    /// <param name="data">Its data.</param>
    /// <param name="pairs">Its inner nodes in pre-order.</param>
    /// <param name="expected">What it has to hash to.</param>
    /// <param name="encoded">Where its wire form goes: pairs and groups in pre-order; empty where nobody wants it.</param>
    /// <returns>Null where all is well; otherwise what is wrong.</returns>
    public static TreeProblem? Verify(
        BlobTree tree, TreeNode node, ReadOnlySpan<byte> data, ReadOnlySpan<byte> pairs, ReadOnlySpan<byte> expected, Span<byte> encoded)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        bool isRoot = node.GroupCount == tree.Groups;
        if (node.IsLeaf)
        {
            Blake3.HashSubtree(data, (ulong)node.FirstGroup * BlobTree.ChunksPerGroup, isRoot, actual);
            if (!actual.SequenceEqual(expected))
            {
                return new TreeProblem(IsData: true, node);
            }

            if (!encoded.IsEmpty)
            {
                data.CopyTo(encoded);
            }

            return null;
        }

        ReadOnlySpan<byte> pair = pairs[..BlobTree.PairSize];
        Blake3.HashParent(pair, isRoot, actual);
        if (!actual.SequenceEqual(expected))
        {
            return new TreeProblem(IsData: false, node);
        }

        TreeNode left = node.Left;
        int leftData = (int)tree.SizeOf(left);
        int leftPairs = (int)left.OutboardSize;
        pairs = pairs[BlobTree.PairSize..];
        if (!encoded.IsEmpty)
        {
            pair.CopyTo(encoded);
            encoded = encoded[BlobTree.PairSize..];
        }

        return Verify(
                tree, left, data[..leftData], pairs[..leftPairs], pair[..Blake3.HashSize], encoded.IsEmpty ? encoded : encoded[..(leftData + leftPairs)])
            ?? Verify(
                tree, node.Right, data[leftData..], pairs[leftPairs..], pair[Blake3.HashSize..],
                encoded.IsEmpty ? encoded : encoded[(leftData + leftPairs)..]);
    }

    /// <summary>Takes the wire form of a block apart, in place of verifying it: pairs go to one run, groups are named in theirs.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="node">The subtree.</param>
    /// <param name="encoded">Its wire form.</param>
    /// <param name="expected">What it has to hash to.</param>
    /// <param name="pairs">Where the pairs go.</param>
    /// <param name="data">Where the data go.</param>
    /// <returns>Null where all is well; otherwise what is wrong, and then what was written is worth nothing.</returns>
    public static TreeProblem? Decode(
        BlobTree tree, TreeNode node, ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> expected, Span<byte> pairs, Span<byte> data)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        bool isRoot = node.GroupCount == tree.Groups;
        if (node.IsLeaf)
        {
            Blake3.HashSubtree(encoded, (ulong)node.FirstGroup * BlobTree.ChunksPerGroup, isRoot, actual);
            encoded.CopyTo(data);
            return actual.SequenceEqual(expected) ? null : new TreeProblem(IsData: true, node);
        }

        ReadOnlySpan<byte> pair = encoded[..BlobTree.PairSize];
        Blake3.HashParent(pair, isRoot, actual);
        if (!actual.SequenceEqual(expected))
        {
            return new TreeProblem(IsData: false, node);
        }

        pair.CopyTo(pairs);
        TreeNode left = node.Left;
        int leftData = (int)tree.SizeOf(left);
        int leftPairs = (int)left.OutboardSize;
        encoded = encoded[BlobTree.PairSize..];
        pairs = pairs[BlobTree.PairSize..];
        return Decode(tree, left, encoded[..(leftData + leftPairs)], pair[..Blake3.HashSize], pairs[..leftPairs], data[..leftData])
            ?? Decode(tree, node.Right, encoded[(leftData + leftPairs)..], pair[Blake3.HashSize..], pairs[leftPairs..], data[leftData..]);
    }

    /// <summary>Computes the inner nodes of a block from its data.</summary>
    public static void Build(BlobTree tree, TreeNode node, ReadOnlySpan<byte> data, Span<byte> pairs, Span<byte> value)
    {
        bool isRoot = node.GroupCount == tree.Groups;
        if (node.IsLeaf)
        {
            Blake3.HashSubtree(data, (ulong)node.FirstGroup * BlobTree.ChunksPerGroup, isRoot, value);
            return;
        }

        Span<byte> pair = pairs[..BlobTree.PairSize];
        TreeNode left = node.Left;
        int leftData = (int)tree.SizeOf(left);
        int leftPairs = (int)left.OutboardSize;
        pairs = pairs[BlobTree.PairSize..];
        Build(tree, left, data[..leftData], pairs[..leftPairs], pair[..Blake3.HashSize]);
        Build(tree, node.Right, data[leftData..], pairs[leftPairs..], pair[Blake3.HashSize..]);
        Blake3.HashParent(pair, isRoot, value);
    }
}
