using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>
/// A whole subtree of at most <see cref="MaxGroups"/> groups, which is read, verified and written in one go. On the wire its inner nodes and its
/// groups alternate in pre-order; the data are verified where they lie there, and go from and to files without a copy.
/// </summary>
internal static class Block
{
    public const int MaxGroups = 16;

    public const int MaxDataSize = MaxGroups * BlobTree.GroupSize;

    public const int MaxPairsSize = (MaxGroups - 1) * BlobTree.PairSize;

    public const int MaxEncodedSize = MaxDataSize + MaxPairsSize;

    /// <summary>Verifies data and pairs, each in one run of bytes, against a chaining value.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="node">The subtree.</param>
    /// <param name="data">Its data.</param>
    /// <param name="pairs">Its inner nodes in pre-order.</param>
    /// <param name="expected">What it has to hash to.</param>
    /// <returns>Null where all is well; otherwise what is wrong.</returns>
    public static TreeProblem? Verify(BlobTree tree, TreeNode node, ReadOnlySpan<byte> data, ReadOnlySpan<byte> pairs, ReadOnlySpan<byte> expected)
    {
        if (node.IsLeaf)
        {
            return VerifyGroup(tree, node, data, expected);
        }

        ReadOnlySpan<byte> pair = pairs[..BlobTree.PairSize];
        if (VerifyPair(tree, node, pair, expected) is { } problem)
        {
            return problem;
        }

        TreeNode left = node.Left;
        int leftData = (int)tree.SizeOf(left);
        int leftPairs = (int)left.OutboardSize;
        pairs = pairs[BlobTree.PairSize..];
        return Verify(tree, left, data[..leftData], pairs[..leftPairs], pair[..Blake3.HashSize])
            ?? Verify(tree, node.Right, data[leftData..], pairs[leftPairs..], pair[Blake3.HashSize..]);
    }

    /// <summary>Verifies a block in its wire form against a chaining value.</summary>
    /// <returns>Null where all is well; otherwise what is wrong.</returns>
    public static TreeProblem? VerifyWire(BlobTree tree, TreeNode node, ReadOnlySpan<byte> wire, ReadOnlySpan<byte> expected)
    {
        if (node.IsLeaf)
        {
            return VerifyGroup(tree, node, wire, expected);
        }

        ReadOnlySpan<byte> pair = wire[..BlobTree.PairSize];
        if (VerifyPair(tree, node, pair, expected) is { } problem)
        {
            return problem;
        }

        int left = WireSize(tree, node.Left);
        wire = wire[BlobTree.PairSize..];
        return VerifyWire(tree, node.Left, wire[..left], pair[..Blake3.HashSize])
            ?? VerifyWire(tree, node.Right, wire[left..], pair[Blake3.HashSize..]);
    }

    /// <summary>Puts pairs to their places in the wire form.</summary>
    public static void ScatterPairs(BlobTree tree, TreeNode node, ReadOnlySpan<byte> pairs, Span<byte> wire)
    {
        if (node.IsLeaf)
        {
            return;
        }

        pairs[..BlobTree.PairSize].CopyTo(wire);
        int left = WireSize(tree, node.Left);
        pairs = pairs[BlobTree.PairSize..];
        wire = wire[BlobTree.PairSize..];
        ScatterPairs(tree, node.Left, pairs, wire[..left]);
        ScatterPairs(tree, node.Right, pairs[(int)node.Left.OutboardSize..], wire[left..]);
    }

    /// <summary>Collects the pairs of a wire form.</summary>
    public static void GatherPairs(BlobTree tree, TreeNode node, ReadOnlySpan<byte> wire, Span<byte> pairs)
    {
        if (node.IsLeaf)
        {
            return;
        }

        wire[..BlobTree.PairSize].CopyTo(pairs);
        int left = WireSize(tree, node.Left);
        pairs = pairs[BlobTree.PairSize..];
        wire = wire[BlobTree.PairSize..];
        GatherPairs(tree, node.Left, wire[..left], pairs);
        GatherPairs(tree, node.Right, wire[left..], pairs[(int)node.Left.OutboardSize..]);
    }

    /// <summary>Says where the data of a block lie in its wire form.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="node">The subtree.</param>
    /// <param name="runs">Room for <see cref="MaxGroups"/> runs.</param>
    /// <returns>How many there are.</returns>
    public static int FindRuns(BlobTree tree, TreeNode node, Span<BlockRun> runs)
    {
        int count = 0;
        FindRuns(tree, node, 0, 0, runs, ref count);
        return count;
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

    /// <summary>The bytes of a block on the wire.</summary>
    public static int WireSize(BlobTree tree, TreeNode node) => (int)(tree.SizeOf(node) + node.OutboardSize);

    private static void FindRuns(BlobTree tree, TreeNode node, int wireOffset, int dataOffset, Span<BlockRun> runs, ref int count)
    {
        if (!node.IsLeaf)
        {
            wireOffset += BlobTree.PairSize;
            FindRuns(tree, node.Left, wireOffset, dataOffset, runs, ref count);
            FindRuns(tree, node.Right, wireOffset + WireSize(tree, node.Left), dataOffset + (int)tree.SizeOf(node.Left), runs, ref count);
            return;
        }

        int length = (int)tree.SizeOf(node);
        if (count > 0 && runs[count - 1] is var last && last.WireOffset + last.Length == wireOffset)
        {
            runs[count - 1] = last with { Length = last.Length + length };
        }
        else
        {
            runs[count++] = new BlockRun(wireOffset, dataOffset, length);
        }
    }

    private static TreeProblem? VerifyGroup(BlobTree tree, TreeNode node, ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        Blake3.HashSubtree(data, (ulong)node.FirstGroup * BlobTree.ChunksPerGroup, node.GroupCount == tree.Groups, actual);
        return actual.SequenceEqual(expected) ? null : new TreeProblem(IsData: true, node);
    }

    private static TreeProblem? VerifyPair(BlobTree tree, TreeNode node, ReadOnlySpan<byte> pair, ReadOnlySpan<byte> expected)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        Blake3.HashParent(pair, node.GroupCount == tree.Groups, actual);
        return actual.SequenceEqual(expected) ? null : new TreeProblem(IsData: false, node);
    }
}
