namespace IrohRpc;

/// <summary>
/// The one family of errors between peers: dialling, accepting, connections and streams. <see cref="Kind"/> is for
/// programs; the message says what was tried, where, what was seen, and what to do where there is something to do.
/// </summary>
/// <remarks>
/// It is an <see cref="IOException"/>, so that code written for streams handles it. Cancellation by the caller's own
/// token is an <see cref="OperationCanceledException"/> and misuse an <see cref="ArgumentException"/>,
/// <see cref="InvalidOperationException"/> or <see cref="ObjectDisposedException"/>; neither is of this family.
/// </remarks>
public sealed class PeerException : IOException
{
    /// <summary>Makes an error.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public PeerException(PeerErrorKind kind, string message, Exception? innerException = null)
        : this(kind, message, null, innerException)
    {
    }

    /// <summary>Makes an error that carries an application code.</summary>
    /// <param name="kind">What went wrong.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="errorCode">The application's or protocol's code, 0 to 2^62-1.</param>
    /// <param name="innerException">What caused it, if anything.</param>
    public PeerException(PeerErrorKind kind, string message, long? errorCode, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        ErrorCode = errorCode;
    }

    /// <summary>What went wrong.</summary>
    public PeerErrorKind Kind { get; }

    /// <summary>
    /// The code that came with it: the application's for <see cref="PeerErrorKind.ClosedByPeer"/>,
    /// <see cref="PeerErrorKind.StreamAborted"/> and their local counterparts, the protocol's for
    /// <see cref="PeerErrorKind.ProtocolViolation"/>; null where there is none.
    /// </summary>
    public long? ErrorCode { get; }

    /// <summary>The reason that the peer gave when it closed the connection, or null.</summary>
    public string? Reason { get; init; }
}
