namespace IrohRpc.Blobs;

/// <summary>A blob with a name.</summary>
/// <param name="Name">The name; where it is a path, with <c>/</c> between its parts.</param>
/// <param name="Hash">The blob.</param>
public readonly record struct BlobCollectionEntry(string Name, BlobHash Hash);
