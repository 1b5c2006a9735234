namespace IrohRpc.Blobs.Trees;

/// <summary>Says where a stored blob is damaged; it becomes a <see cref="BlobException"/> where it leaves the package.</summary>
internal sealed class DamagedBlobException(BlobHash hash, TreeProblem problem)
    : IOException($"Blob {hash.ToShortString()} is damaged where it is stored: {problem}.")
{
    public BlobHash Hash { get; } = hash;

    public TreeProblem Problem { get; } = problem;
}
