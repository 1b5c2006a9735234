namespace IrohRpc.Blobs;

/// <summary>What a store does with a file that it takes in.</summary>
public enum BlobImportMode
{
    /// <summary>Copies it: what becomes of the file later does not matter.</summary>
    Copy,

    /// <summary>Reads it where it lies. When it changes, the blob is damaged, which is found out and reported, and nothing of it is served.</summary>
    Reference,
}
