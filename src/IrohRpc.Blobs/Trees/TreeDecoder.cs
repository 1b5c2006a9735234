using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>Reads parts of a blob in their wire form and hands on what is verified, and nothing else.</summary>
internal static class TreeDecoder
{
    /// <summary>Reads everything behind the size.</summary>
    /// <param name="input">The bytes from the peer.</param>
    /// <param name="hash">What was asked for.</param>
    /// <param name="size">The size that the peer claims, within <see cref="BlobTree.MaxSize"/>.</param>
    /// <param name="ranges">What was asked for, as it was sent.</param>
    /// <param name="target">Where verified bytes go.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.Mismatch"/>: the peer sent something else.</exception>
    /// <exception cref="EndOfStreamException">The peer sent too little.</exception>
    public static async ValueTask DecodeAsync(
        WireInput input, BlobHash hash, long size, ChunkRanges ranges, IBlobTarget target, CancellationToken cancellationToken)
    {
        var tree = new BlobTree(size);
        ranges = ranges.For((ulong)tree.Chunks);
        bool provesSize = ranges.Contains((ulong)tree.Chunks - 1);
        var storing = new BlockStoring(hash, tree, target, cancellationToken);
        await using (storing.ConfigureAwait(false))
        {
            try
            {
                await DecodeAsync(input, hash, tree, ranges, target, storing).ConfigureAwait(false);
                await storing.FinishAsync().ConfigureAwait(false);
            }
            catch
            {
                // A block that is wrong says more than that reading ended, perhaps for that reason; one that is right is kept.
                await storing.FinishAsync().ConfigureAwait(false);
                throw;
            }
        }

        if (provesSize)
        {
            await target.SizeVerifiedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask DecodeAsync(
        WireInput input, BlobHash hash, BlobTree tree, ChunkRanges ranges, IBlobTarget target, BlockStoring storing)
    {
        var stack = new Stack<(TreeNode Node, ChainingValue Expected)>();
        stack.Push((tree.Root, ChainingValue.From(hash)));
        while (stack.TryPop(out var next))
        {
            (ulong start, ulong end) = tree.ChunksOf(next.Node);
            if (!ranges.ContainsAny(start, end))
            {
                continue;
            }

            if (next.Node.GroupCount <= Block.MaxGroups && ranges.ContainsAll(start, end))
            {
                Memory<byte> wire = storing.Reserve(Block.WireSize(tree, next.Node));
                await input.ReadExactAsync(wire, storing.Token).ConfigureAwait(false);
                await storing.StoreAsync(next.Node, next.Expected, wire, isLast: stack.Count == 0).ConfigureAwait(false);
            }
            else if (next.Node.IsLeaf)
            {
                await storing.FinishAsync().ConfigureAwait(false);
                await DecodeGroupAsync(input, hash, tree, next.Node, next.Expected, ranges, target, storing.Token).ConfigureAwait(false);
            }
            else
            {
                var pair = new byte[BlobTree.PairSize];
                await input.ReadExactAsync(pair, storing.Token).ConfigureAwait(false);
                if (TreeEncoder.CheckParent(tree, next.Node, pair, next.Expected) is { } problem)
                {
                    throw BlobException.Mismatch(hash, problem.ToString());
                }

                stack.Push((next.Node.Right, ChainingValue.From(pair.AsSpan(Blake3.HashSize))));
                stack.Push((next.Node.Left, ChainingValue.From(pair.AsSpan(0, Blake3.HashSize))));
                storing.Add(next.Node, pair);
            }
        }
    }

    private static async ValueTask DecodeGroupAsync(
        WireInput input, BlobHash hash, BlobTree tree, TreeNode node, ChainingValue expected, ChunkRanges ranges, IBlobTarget target,
        CancellationToken cancellationToken)
    {
        int size = (int)tree.SizeOf(node);
        ulong firstChunk = (ulong)node.FirstGroup * BlobTree.ChunksPerGroup;
        Memory<byte> encoded = new byte[PartialGroup.EncodedSize(size, firstChunk, ranges)];
        await input.ReadExactAsync(encoded, cancellationToken).ConfigureAwait(false);
        Memory<byte> data = new byte[size];
        ReadOnlySpan<byte> rest = encoded.Span;
        if (!PartialGroup.Decode(ref rest, firstChunk, tree.Groups == 1, ranges, expected, data.Span))
        {
            throw BlobException.Mismatch(hash, new TreeProblem(IsData: true, node).ToString());
        }

        foreach ((ulong start, ulong end) in ranges.Intersect(ChunkRanges.Of(firstChunk, firstChunk + BlobTree.ChunksPerGroup)).Ranges())
        {
            int from = (int)(start - firstChunk) * Blake3.ChunkSize;
            int to = Math.Min(size, (int)(end - firstChunk) * Blake3.ChunkSize);
            await target.WriteChunksAsync(start, data[from..to], cancellationToken).ConfigureAwait(false);
        }
    }
}
