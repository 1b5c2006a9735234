namespace IrohRpc.Blobs;

/// <summary>Says that stored bytes do not belong to their hash any more.</summary>
/// <param name="Hash">The blob.</param>
/// <param name="Problem">What was seen.</param>
/// <param name="Path">The file, where there is one.</param>
public sealed record BlobDamage(BlobHash Hash, string Problem, string? Path);
