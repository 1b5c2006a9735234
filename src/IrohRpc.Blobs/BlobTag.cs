namespace IrohRpc.Blobs;

/// <summary>What a tag keeps from being collected.</summary>
/// <param name="Hash">The blob.</param>
/// <param name="Format">How it is read: the children of a hash sequence are kept with it.</param>
public readonly record struct BlobTag(BlobHash Hash, BlobFormat Format);
