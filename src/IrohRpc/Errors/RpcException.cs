namespace IrohRpc;

/// <summary>
/// The error of a call. A handler throws it to say how the call failed; the caller catches it with the same code and message.
/// </summary>
/// <remarks>
/// A call that its caller cancelled throws <see cref="OperationCanceledException"/> instead, as everything in .NET does; misuse throws
/// <see cref="ArgumentException"/> and its like.
/// </remarks>
public class RpcException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="statusCode">How the call failed; anything but <see cref="RpcStatusCode.OK"/>.</param>
    /// <param name="message">A sentence for people. It crosses the wire; at most 4 KiB of it arrive.</param>
    /// <param name="innerException">What caused it, if anything. It stays on this side.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="statusCode"/> is OK, or less.</exception>
    public RpcException(RpcStatusCode statusCode, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        if (statusCode <= RpcStatusCode.OK)
        {
            throw new ArgumentOutOfRangeException(nameof(statusCode), statusCode, "An error has a status code other than OK.");
        }

        StatusCode = statusCode;
    }

    /// <summary>How the call failed.</summary>
    public RpcStatusCode StatusCode { get; }

    /// <summary>Which method was called, as <c>IGreeter.HelloAsync</c>; null where the error has not been through a call.</summary>
    public string? Method { get; internal set; }

    /// <summary>
    /// Whether the call certainly had no effect because no handler ever saw it: it may be made again without harm. False where it may have run.
    /// </summary>
    public bool IsNotStarted { get; internal set; }

    /// <summary>Whether a peer's service said so, or it is about the very call that a handler answers: it may go on to the caller of that handler.</summary>
    internal bool MayPassOn { get; set; }

    /// <summary>
    /// Whether this side's runtime made it for a call of its own, such as one to another peer that could not be dialled: its message is not for the peer whose call a handler
    /// was answering.
    /// </summary>
    internal bool IsOfAnotherCall => Method is not null && !MayPassOn;

    /// <summary>Whether the connection was lost while the call was under way, as opposed to the service having answered so.</summary>
    internal bool WasLost { get; set; }
}
