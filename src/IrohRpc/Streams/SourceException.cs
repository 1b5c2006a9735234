namespace IrohRpc.Streams;

/// <summary>
/// Says that an exception came from the source that is being sent, and not from the stream that it is sent on: both may throw the same types.
/// </summary>
/// <param name="thrown">What the source threw.</param>
internal sealed class SourceException(Exception thrown) : Exception("The source has thrown an exception.", thrown)
{
    /// <summary>What the source threw.</summary>
    public Exception Thrown => InnerException!;

    /// <summary>The source's own exception, for messages and callers.</summary>
    public static Exception Unwrap(Exception exception) => exception is SourceException source ? source.Thrown : exception;
}
