namespace IrohRpc.Blobs.Store.Disk;

/// <summary>The kinds of records in a journal; their first byte.</summary>
internal enum RecordKind : byte
{
    /// <summary>A small blob: hash, data.</summary>
    Inline = 1,

    /// <summary>A blob in a file of the store's own: hash, size.</summary>
    Complete = 2,

    /// <summary>A blob in a file of the user's: hash, size, time of the last change, path.</summary>
    Referenced = 3,

    /// <summary>A blob of which a part is there: hash, size, whether the size is proven.</summary>
    Partial = 4,

    /// <summary>A blob that is gone: hash.</summary>
    Forgotten = 5,

    /// <summary>A tag: format, hash, name.</summary>
    Tag = 6,

    /// <summary>A tag that is gone: name.</summary>
    TagRemoved = 7,
}
