using System.Numerics;

namespace IrohRpc.Blobs.Trees;

/// <summary>A subtree: the groups that it covers and where its part of the outboard begins.</summary>
/// <param name="FirstGroup">The number of its first group.</param>
/// <param name="GroupCount">How many groups it covers.</param>
/// <param name="OutboardOffset">Where the pair of its top lies in the outboard, followed by those below it; meaningless for a leaf.</param>
internal readonly record struct TreeNode(long FirstGroup, long GroupCount, long OutboardOffset)
{
    public long EndGroup => FirstGroup + GroupCount;

    public bool IsLeaf => GroupCount == 1;

    /// <summary>The bytes of its part of the outboard.</summary>
    public long OutboardSize => (GroupCount - 1) * BlobTree.PairSize;

    private long LeftCount => (long)(BitOperations.RoundUpToPowerOf2((ulong)GroupCount) / 2);

    public TreeNode Left => new(FirstGroup, LeftCount, OutboardOffset + BlobTree.PairSize);

    public TreeNode Right
        => new(FirstGroup + LeftCount, GroupCount - LeftCount, OutboardOffset + (LeftCount * BlobTree.PairSize));
}
