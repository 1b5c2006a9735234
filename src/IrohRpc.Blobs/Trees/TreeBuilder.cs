using System.Buffers;
using IrohRpc.Blobs.Store;
using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>Computes the outboard and the hash of data of a known size, reading them once, in constant memory.</summary>
internal sealed class TreeBuilder(IRandomBytes data, IRandomBytes outboard, long size, IProgress<long>? progress) : IDisposable
{
    // A subtree of so many groups has an outboard of 256 KiB, which is written at once.
    private const int GroupsPerWrite = 4096;

    private readonly BlobTree _tree = new(size);
    private readonly byte[] _block = ArrayPool<byte>.Shared.Rent(Block.MaxDataSize);
    private readonly byte[] _pairs = ArrayPool<byte>.Shared.Rent(GroupsPerWrite * BlobTree.PairSize);
    private long _read;

    public async ValueTask<BlobHash> BuildAsync(CancellationToken cancellationToken)
    {
        ChainingValue root = await BuildLargeAsync(_tree.Root, cancellationToken).ConfigureAwait(false);
        return new BlobHash(root);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_block);
        ArrayPool<byte>.Shared.Return(_pairs);
    }

    private async ValueTask<ChainingValue> BuildLargeAsync(TreeNode node, CancellationToken cancellationToken)
    {
        if (node.GroupCount <= GroupsPerWrite)
        {
            Memory<byte> pairs = _pairs.AsMemory(0, (int)node.OutboardSize);
            ChainingValue value = await BuildAsync(node, pairs, cancellationToken).ConfigureAwait(false);
            if (!pairs.IsEmpty)
            {
                await outboard.WriteAsync(node.OutboardOffset, pairs, cancellationToken).ConfigureAwait(false);
            }

            return value;
        }

        ChainingValue left = await BuildLargeAsync(node.Left, cancellationToken).ConfigureAwait(false);
        ChainingValue right = await BuildLargeAsync(node.Right, cancellationToken).ConfigureAwait(false);
        Memory<byte> pair = _pairs.AsMemory(0, BlobTree.PairSize);
        ChainingValue parent = Join(node, left, right, pair.Span);
        await outboard.WriteAsync(node.OutboardOffset, pair, cancellationToken).ConfigureAwait(false);
        return parent;
    }

    private async ValueTask<ChainingValue> BuildAsync(TreeNode node, Memory<byte> pairs, CancellationToken cancellationToken)
    {
        if (node.GroupCount <= Block.MaxGroups)
        {
            Memory<byte> block = _block.AsMemory(0, (int)_tree.SizeOf(node));
            await data.ReadAsync(node.FirstGroup * BlobTree.GroupSize, block, cancellationToken).ConfigureAwait(false);
            _read += block.Length;
            progress?.Report(_read);
            var value = default(ChainingValue);
            Block.Build(_tree, node, block.Span, pairs.Span, value);
            return value;
        }

        int leftSize = (int)node.Left.OutboardSize;
        ChainingValue left = await BuildAsync(node.Left, pairs.Slice(BlobTree.PairSize, leftSize), cancellationToken).ConfigureAwait(false);
        ChainingValue right = await BuildAsync(node.Right, pairs[(BlobTree.PairSize + leftSize)..], cancellationToken).ConfigureAwait(false);
        return Join(node, left, right, pairs.Span[..BlobTree.PairSize]);
    }

    private ChainingValue Join(TreeNode node, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> pair)
    {
        left.CopyTo(pair);
        right.CopyTo(pair[Blake3.HashSize..]);
        var value = default(ChainingValue);
        Blake3.HashParent(pair, node.GroupCount == _tree.Groups, value);
        return value;
    }
}
