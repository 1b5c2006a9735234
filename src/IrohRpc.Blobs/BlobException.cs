namespace IrohRpc.Blobs;

/// <summary>A blob could not be had, verified, stored or served.</summary>
/// <param name="kind">What went wrong, for programs.</param>
/// <param name="message">What went wrong, for people.</param>
/// <param name="innerException">What it came from.</param>
public sealed class BlobException(BlobErrorKind kind, string message, Exception? innerException = null) : IOException(message, innerException)
{
    /// <summary>What went wrong.</summary>
    public BlobErrorKind Kind { get; } = kind;

    internal static BlobException NotFound(BlobHash hash) => new(BlobErrorKind.NotFound, $"Blob {hash.ToShortString()} is not here.");

    internal static BlobException Mismatch(BlobHash hash, string what)
        => new(BlobErrorKind.Mismatch, $"What the peer sent does not belong to blob {hash.ToShortString()}: {what}.");
}
