using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store;

/// <summary>Puts verified parts of a blob into a store, where they are visible at once.</summary>
internal sealed class BlobWriter(BlobStore store, BlobLease lease) : IBlobTarget, IDisposable
{
    private readonly BlockRun[] _runs = new BlockRun[Block.MaxGroups];
    private readonly List<ReadOnlyMemory<byte>> _pieces = new(Block.MaxGroups);
    private readonly WriteBehind? _behind = lease.Entry.Data is FileBytes file ? new WriteBehind(file.BeginFlush, file.Forget) : null;

    private BlobEntry Entry => lease.Entry;

    /// <summary>Called with the number of bytes that were verified and stored.</summary>
    public Action<long>? OnStored { get; init; }

    public ValueTask WritePairsAsync(long outboardOffset, ReadOnlyMemory<byte> pairs, CancellationToken cancellationToken)
        => Entry.Outboard.WriteAsync(outboardOffset, pairs, cancellationToken);

    public async ValueTask WriteBlockAsync(BlobTree tree, TreeNode node, ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
    {
        int count = Block.FindRuns(tree, node, _runs);
        _pieces.Clear();
        for (int i = 0; i < count; i++)
        {
            _pieces.Add(wire.Slice(_runs[i].WireOffset, _runs[i].Length));
        }

        int size = (int)tree.SizeOf(node);
        if (size > 0)
        {
            // One call of the operating system for all of the block costs a fraction of one for each run.
            long offset = node.FirstGroup * BlobTree.GroupSize;
            await Entry.Data.WriteAsync(offset, _pieces, cancellationToken).ConfigureAwait(false);
            _behind?.Wrote(offset, size);
        }

        store.GroupsWritten(Entry, (ulong)node.FirstGroup, (ulong)node.EndGroup);
        OnStored?.Invoke(size);
    }

    // Less than a group cannot be served on, so it is not kept: whoever downloads into a store asks for whole groups.
    public ValueTask WriteChunksAsync(ulong firstChunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask SizeVerifiedAsync(CancellationToken cancellationToken)
    {
        store.SizeVerified(Entry);
        return ValueTask.CompletedTask;
    }

    public void Dispose() => lease.Dispose();
}
