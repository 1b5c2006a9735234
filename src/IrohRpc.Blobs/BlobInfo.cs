namespace IrohRpc.Blobs;

/// <summary>What a store has of a blob.</summary>
/// <param name="Hash">The blob.</param>
/// <param name="Size">Its size in bytes; a claim of a peer's as long as <paramref name="IsSizeVerified"/> is false.</param>
/// <param name="IsSizeVerified">Whether the size is proven by the hash.</param>
/// <param name="IsComplete">Whether all of it is there.</param>
/// <param name="Present">The chunks that are there, each verified.</param>
public sealed record BlobInfo(BlobHash Hash, long Size, bool IsSizeVerified, bool IsComplete, ChunkRanges Present);
