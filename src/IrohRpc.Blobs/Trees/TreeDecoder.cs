using System.Buffers;
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
        using var buffers = new BlockBuffers();
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
                await DecodeBlockAsync(input, hash, tree, next.Node, next.Expected, buffers, target, cancellationToken).ConfigureAwait(false);
            }
            else if (next.Node.IsLeaf)
            {
                await DecodeGroupAsync(input, hash, tree, next.Node, next.Expected, ranges, buffers, target, cancellationToken)
                    .ConfigureAwait(false);
            }
            else
            {
                Memory<byte> pair = buffers.Wire.AsMemory(0, BlobTree.PairSize);
                await input.ReadExactAsync(pair, cancellationToken).ConfigureAwait(false);
                if (TreeEncoder.CheckParent(tree, next.Node, pair.Span, next.Expected) is { } problem)
                {
                    throw BlobException.Mismatch(hash, problem.ToString());
                }

                stack.Push((next.Node.Right, ChainingValue.From(pair.Span[Blake3.HashSize..])));
                stack.Push((next.Node.Left, ChainingValue.From(pair.Span[..Blake3.HashSize])));
                await target.WritePairsAsync(next.Node.OutboardOffset, pair, cancellationToken).ConfigureAwait(false);
            }
        }

        if (provesSize)
        {
            await target.SizeVerifiedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask DecodeBlockAsync(
        WireInput input, BlobHash hash, BlobTree tree, TreeNode node, ChainingValue expected, BlockBuffers buffers, IBlobTarget target,
        CancellationToken cancellationToken)
    {
        Memory<byte> wire = buffers.Wire.AsMemory(0, Block.WireSize(tree, node));
        await input.ReadExactAsync(wire, cancellationToken).ConfigureAwait(false);
        if (Block.VerifyWire(tree, node, wire.Span, expected) is { } problem)
        {
            throw BlobException.Mismatch(hash, problem.ToString());
        }

        if (!node.IsLeaf)
        {
            Memory<byte> pairs = buffers.Data.AsMemory(0, (int)node.OutboardSize);
            Block.GatherPairs(tree, node, wire.Span, pairs.Span);
            await target.WritePairsAsync(node.OutboardOffset, pairs, cancellationToken).ConfigureAwait(false);
        }

        await target.WriteBlockAsync(tree, node, wire, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask DecodeGroupAsync(
        WireInput input, BlobHash hash, BlobTree tree, TreeNode node, ChainingValue expected, ChunkRanges ranges, BlockBuffers buffers,
        IBlobTarget target, CancellationToken cancellationToken)
    {
        int size = (int)tree.SizeOf(node);
        ulong firstChunk = (ulong)node.FirstGroup * BlobTree.ChunksPerGroup;
        Memory<byte> encoded = buffers.Wire.AsMemory(0, PartialGroup.EncodedSize(size, firstChunk, ranges));
        await input.ReadExactAsync(encoded, cancellationToken).ConfigureAwait(false);
        Memory<byte> data = buffers.Data.AsMemory(0, size);
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

    private sealed class BlockBuffers : IDisposable
    {
        /// <summary>What comes from the peer.</summary>
        public byte[] Wire { get; } = ArrayPool<byte>.Shared.Rent(Block.MaxEncodedSize);

        /// <summary>A group, or the inner nodes of a block.</summary>
        public byte[] Data { get; } = ArrayPool<byte>.Shared.Rent(BlobTree.GroupSize);

        public void Dispose()
        {
            ArrayPool<byte>.Shared.Return(Wire);
            ArrayPool<byte>.Shared.Return(Data);
        }
    }
}
