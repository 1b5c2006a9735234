using IrohRpc.Blobs.Trees;
using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Tests.Support;

/// <summary>Keeps what was verified, by chunk.</summary>
internal sealed class CollectingTarget : IBlobTarget
{
    public SortedDictionary<ulong, byte[]> Chunks { get; } = [];

    public bool SizeVerified { get; private set; }

    public ValueTask WritePairsAsync(long outboardOffset, ReadOnlyMemory<byte> pairs, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask WriteBlockAsync(BlobTree tree, TreeNode node, ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
    {
        var data = new byte[tree.SizeOf(node)];
        var runs = new BlockRun[Block.MaxGroups];
        foreach (BlockRun run in runs.AsSpan(0, Block.FindRuns(tree, node, runs)))
        {
            wire.Span.Slice(run.WireOffset, run.Length).CopyTo(data.AsSpan(run.DataOffset));
        }

        return WriteChunksAsync((ulong)node.FirstGroup * BlobTree.ChunksPerGroup, data, cancellationToken);
    }

    public ValueTask WriteChunksAsync(ulong firstChunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        for (int at = 0; at < Math.Max(1, data.Length); at += Blake3.ChunkSize)
        {
            Chunks.Add(firstChunk + (ulong)(at / Blake3.ChunkSize), data[at..Math.Min(data.Length, at + Blake3.ChunkSize)].ToArray());
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SizeVerifiedAsync(CancellationToken cancellationToken)
    {
        SizeVerified = true;
        return ValueTask.CompletedTask;
    }
}
