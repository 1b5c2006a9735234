namespace IrohRpc.Blobs.Trees;

/// <summary>Where bytes do not belong to the hash.</summary>
/// <param name="IsData">Whether data are wrong; otherwise an inner node.</param>
/// <param name="Node">The subtree at whose top it shows.</param>
internal readonly record struct TreeProblem(bool IsData, TreeNode Node)
{
    public override string ToString()
        => IsData
            ? $"the data from byte {Node.FirstGroup * BlobTree.GroupSize} on do not hash to what their parent says"
            : $"the inner node over bytes {Node.FirstGroup * BlobTree.GroupSize} to {Node.EndGroup * BlobTree.GroupSize} does not hash to what its parent says";
}
