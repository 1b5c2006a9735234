namespace IrohRpc.Blobs.Store;

/// <summary>Where the bytes of a blob lie.</summary>
internal enum BlobPlace
{
    /// <summary>In memory.</summary>
    Memory,

    /// <summary>In the store's journal, among other small ones.</summary>
    Inline,

    /// <summary>In a file of the store's own.</summary>
    Owned,

    /// <summary>In a file of the user's, which the store only reads.</summary>
    Referenced,
}
