namespace IrohRpc.Blobs.Trees;

/// <summary>Where what was verified goes. The memory may be reused once a call has completed.</summary>
internal interface IBlobTarget
{
    /// <summary>Takes inner nodes, a run of pairs in pre-order.</summary>
    ValueTask WritePairsAsync(long outboardOffset, ReadOnlyMemory<byte> pairs, CancellationToken cancellationToken);

    /// <summary>Takes a block in its wire form, the inner nodes above and in which were written before.</summary>
    ValueTask WriteBlockAsync(BlobTree tree, TreeNode node, ReadOnlyMemory<byte> wire, CancellationToken cancellationToken);

    /// <summary>Takes some chunks of a group that was not asked for as a whole.</summary>
    ValueTask WriteChunksAsync(ulong firstChunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Hears that the last chunk was verified, which proves the size.</summary>
    ValueTask SizeVerifiedAsync(CancellationToken cancellationToken);
}
