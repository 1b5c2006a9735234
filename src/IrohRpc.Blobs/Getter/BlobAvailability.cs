namespace IrohRpc.Blobs;

/// <summary>What a provider says that it has of a blob. It is not verified.</summary>
/// <param name="Size">The size, zero where the provider has nothing.</param>
/// <param name="Chunks">The chunks; <see cref="ChunkRanges.All"/> where it has all.</param>
public sealed record BlobAvailability(long Size, ChunkRanges Chunks);
