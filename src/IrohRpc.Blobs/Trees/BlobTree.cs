using System.Numerics;
using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Trees;

/// <summary>
/// The shape of the tree over a blob of a given size. Leaves are groups of 16 chunks, as iroh keeps them; the outboard holds the pair of
/// chaining values of each inner node, in pre-order.
/// </summary>
internal readonly record struct BlobTree(long Size)
{
    /// <summary>How many chunks a group has.</summary>
    public const int ChunksPerGroup = 16;

    /// <summary>The bytes of a whole group.</summary>
    public const int GroupSize = ChunksPerGroup * Blake3.ChunkSize;

    /// <summary>The bytes of one inner node in an outboard and on the wire.</summary>
    public const int PairSize = 2 * Blake3.HashSize;

    /// <summary>The largest blob: what leaves room for computing with positions in it.</summary>
    public const long MaxSize = 1L << 60;

    /// <summary>How many chunks there are; an empty blob has one, which is empty.</summary>
    public long Chunks => Math.Max(1, (Size + Blake3.ChunkSize - 1) / Blake3.ChunkSize);

    /// <summary>How many groups there are; at least one.</summary>
    public long Groups => Math.Max(1, (Size + GroupSize - 1) / GroupSize);

    /// <summary>The bytes of the outboard.</summary>
    public long OutboardSize => (Groups - 1) * PairSize;

    /// <summary>The root, which covers every group.</summary>
    public TreeNode Root => new(0, Groups, 0);

    /// <summary>The bytes that a node covers.</summary>
    public long SizeOf(TreeNode node) => Math.Min(Size, node.EndGroup * GroupSize) - (node.FirstGroup * GroupSize);

    /// <summary>The chunks that a node covers.</summary>
    public (ulong Start, ulong End) ChunksOf(TreeNode node)
        => ((ulong)(node.FirstGroup * ChunksPerGroup), (ulong)Math.Min(Chunks, node.EndGroup * ChunksPerGroup));
}
