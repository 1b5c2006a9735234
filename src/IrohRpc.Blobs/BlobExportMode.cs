namespace IrohRpc.Blobs;

/// <summary>How a blob becomes a file.</summary>
public enum BlobExportMode
{
    /// <summary>By a copy, verified while it is written.</summary>
    Copy,

    /// <summary>By a second name for the store's own file, where the file system can; by a copy otherwise. Writing to the file damages the blob.</summary>
    HardLink,

    /// <summary>By moving the store's file, which from then on is read where it lies; by a copy where the store has no file to move.</summary>
    Reference,
}
