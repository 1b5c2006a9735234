using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Getter;

/// <summary>What is to be asked for, in whole groups.</summary>
internal static class MissingRanges
{
    /// <summary>What of some ranges is not there.</summary>
    /// <param name="info">What is there; null where nothing is.</param>
    /// <param name="wanted">The ranges.</param>
    public static ChunkRanges Of(BlobInfo? info, ChunkRanges wanted)
    {
        if (info is { IsComplete: true })
        {
            return ChunkRanges.None;
        }

        ChunkRanges groups = Widen(wanted);
        if (info is null)
        {
            return groups;
        }

        // Where the size is only claimed, what lies beyond it may turn out to be there.
        ulong chunks = (ulong)new BlobTree(info.Size).Chunks;
        return info.IsSizeVerified ? groups.For(chunks).Except(info.Present) : groups.Except(info.Present);
    }

    private static ChunkRanges Widen(ChunkRanges ranges)
    {
        ChunkRanges widened = ChunkRanges.None;
        foreach ((ulong start, ulong end) in ranges.Ranges())
        {
            ulong first = start / BlobTree.ChunksPerGroup * BlobTree.ChunksPerGroup;
            ulong last = end > ulong.MaxValue - BlobTree.ChunksPerGroup
                ? ulong.MaxValue
                : (end + BlobTree.ChunksPerGroup - 1) / BlobTree.ChunksPerGroup * BlobTree.ChunksPerGroup;
            widened = widened.Union(ChunkRanges.Of(first, last == ulong.MaxValue ? null : last));
        }

        return widened;
    }
}
