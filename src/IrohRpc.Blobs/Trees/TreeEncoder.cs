using System.Buffers;
using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>
/// Writes parts of a blob in their wire form, having verified each byte against the hash first, so that a damaged file is found out and
/// never served.
/// </summary>
internal static class TreeEncoder
{
    /// <summary>Writes everything behind the size.</summary>
    /// <param name="source">The blob.</param>
    /// <param name="hash">Its hash.</param>
    /// <param name="ranges">What is asked for, as it came.</param>
    /// <param name="output">Where the bytes go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">
    /// <see cref="BlobErrorKind.Damaged"/>: what is stored does not belong to the hash; <see cref="BlobErrorKind.Incomplete"/>: something asked for is missing.
    /// </exception>
    public static async ValueTask EncodeAsync(
        IBlobSource source, BlobHash hash, ChunkRanges ranges, WireOutput output, CancellationToken cancellationToken)
    {
        var tree = new BlobTree(source.Size);
        ranges = ranges.For((ulong)tree.Chunks);
        var stack = new Stack<(TreeNode Node, ChainingValue Expected)>();
        stack.Push((tree.Root, ChainingValue.From(hash)));
        var runs = new BlockRun[Block.MaxGroups];
        var pieces = new List<Memory<byte>>(Block.MaxGroups);
        byte[] scratch = ArrayPool<byte>.Shared.Rent(BlobTree.GroupSize);
        try
        {
            while (stack.TryPop(out var next))
            {
                (ulong start, ulong end) = tree.ChunksOf(next.Node);
                if (!ranges.ContainsAny(start, end))
                {
                    continue;
                }

                if (next.Node.GroupCount <= Block.MaxGroups && ranges.ContainsAll(start, end))
                {
                    await EncodeBlockAsync(source, hash, tree, next.Node, next.Expected, runs, pieces, scratch, output, cancellationToken).ConfigureAwait(false);
                }
                else if (next.Node.IsLeaf)
                {
                    await EncodeGroupAsync(source, hash, tree, next.Node, next.Expected, ranges, scratch, output, cancellationToken)
                        .ConfigureAwait(false);
                }
                else
                {
                    Memory<byte> pair = scratch.AsMemory(0, BlobTree.PairSize);
                    await source.ReadOutboardAsync(next.Node.OutboardOffset, pair, cancellationToken).ConfigureAwait(false);
                    if (CheckParent(tree, next.Node, pair.Span, next.Expected) is { } problem)
                    {
                        throw new DamagedBlobException(hash, problem);
                    }

                    stack.Push((next.Node.Right, ChainingValue.From(pair.Span[Blake3.HashSize..])));
                    stack.Push((next.Node.Left, ChainingValue.From(pair.Span[..Blake3.HashSize])));
                    await output.WriteAsync(pair, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private static async ValueTask EncodeBlockAsync(
        IBlobSource source, BlobHash hash, BlobTree tree, TreeNode node, ChainingValue expected, BlockRun[] runs, List<Memory<byte>> pieces,
        byte[] scratch, WireOutput output, CancellationToken cancellationToken)
    {
        RequirePresent(source, hash, node);
        Memory<byte> wire = await output.ReserveAsync(Block.WireSize(tree, node), cancellationToken).ConfigureAwait(false);
        int count = Block.FindRuns(tree, node, runs);
        pieces.Clear();
        for (int i = 0; i < count; i++)
        {
            pieces.Add(wire.Slice(runs[i].WireOffset, runs[i].Length));
        }

        if (tree.SizeOf(node) > 0)
        {
            await source.ReadDataAsync(node.FirstGroup * BlobTree.GroupSize, pieces, cancellationToken).ConfigureAwait(false);
        }

        Memory<byte> pairs = scratch.AsMemory(0, (int)node.OutboardSize);
        if (!pairs.IsEmpty)
        {
            await source.ReadOutboardAsync(node.OutboardOffset, pairs, cancellationToken).ConfigureAwait(false);
        }

        Block.ScatterPairs(tree, node, pairs.Span, wire.Span);
        if (Block.VerifyWire(tree, node, wire.Span, expected) is { } problem)
        {
            throw new DamagedBlobException(hash, problem);
        }

        output.Advance(wire.Length);
    }

    private static async ValueTask EncodeGroupAsync(
        IBlobSource source, BlobHash hash, BlobTree tree, TreeNode node, ChainingValue expected, ChunkRanges ranges, byte[] scratch,
        WireOutput output, CancellationToken cancellationToken)
    {
        RequirePresent(source, hash, node);
        Memory<byte> data = scratch.AsMemory(0, (int)tree.SizeOf(node));
        await source.ReadDataAsync(node.FirstGroup * BlobTree.GroupSize, data, cancellationToken).ConfigureAwait(false);
        Memory<byte> encoded = await output.ReserveAsync(PartialGroup.MaxEncodedSize, cancellationToken).ConfigureAwait(false);
        int written = EncodeGroup(hash, tree, node, expected, ranges, data.Span, encoded.Span);
        output.Advance(written);
    }

    private static int EncodeGroup(
        BlobHash hash, BlobTree tree, TreeNode node, ChainingValue expected, ChunkRanges ranges, ReadOnlySpan<byte> data, Span<byte> encoded)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        int written = PartialGroup.Encode(
            data, (ulong)node.FirstGroup * BlobTree.ChunksPerGroup, tree.Groups == 1, ranges, encoded, actual);
        return expected.Matches(actual) ? written : throw new DamagedBlobException(hash, new TreeProblem(IsData: true, node));
    }

    /// <summary>Compares an inner node with what its parent says.</summary>
    public static TreeProblem? CheckParent(BlobTree tree, TreeNode node, ReadOnlySpan<byte> pair, ChainingValue expected)
    {
        Span<byte> actual = stackalloc byte[Blake3.HashSize];
        Blake3.HashParent(pair, node.GroupCount == tree.Groups, actual);
        return expected.Matches(actual) ? null : new TreeProblem(IsData: false, node);
    }

    private static void RequirePresent(IBlobSource source, BlobHash hash, TreeNode node)
    {
        if (!source.Groups.ContainsAll((ulong)node.FirstGroup, (ulong)node.EndGroup))
        {
            throw new BlobException(
                BlobErrorKind.Incomplete,
                $"Blob {hash.ToShortString()} is here in part only; bytes {node.FirstGroup * BlobTree.GroupSize} to {node.EndGroup * BlobTree.GroupSize} are missing.");
        }
    }
}
