using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Failures;

/// <summary>The errors that the runtime itself makes. Each says what happened, to what, and what to do.</summary>
internal static class RpcErrors
{
    public static RpcException DeadlineExceeded(MethodDescriptor method)
        => Make(method, RpcStatusCode.DeadlineExceeded, $"{method} did not answer before its deadline. It may have run.");

    /// <summary>A deadline that passes while the call waits for a connection, or for room.</summary>
    public static RpcException NotSentInTime(MethodDescriptor method, Exception? waitingFor)
    {
        string reason = Sentence(waitingFor?.SafeMessage() ?? "no connection had room for it yet");
        RpcException error = Make(method, RpcStatusCode.DeadlineExceeded, $"{method} was not sent before its deadline: {reason}", waitingFor);
        error.IsNotStarted = true;
        return error;
    }

    public static RpcException NotStarted(MethodDescriptor method, Exception? cause)
    {
        RpcException error = Make(
            method, StatusOfCause(cause), $"{method} could not be sent: {Sentence(cause?.SafeMessage() ?? "the connection has ended")}", cause);
        error.IsNotStarted = true;
        return error;
    }

    /// <summary>How a call ended at its caller. What is neither the peer's nor the runtime's error, the caller did itself.</summary>
    public static RpcStatusCode StatusOf(Exception? error)
        => error is null ? RpcStatusCode.OK : (error as RpcException)?.StatusCode ?? RpcStatusCode.Cancelled;

    // A peer that refuses by its rules, or is not who it should be, will do the same again.
    private static RpcStatusCode StatusOfCause(Exception? cause) => cause switch
    {
        PeerException { Kind: PeerErrorKind.Refused, ErrorCode: ConnectionErrorCodes.Refused } => RpcStatusCode.PermissionDenied,
        PeerException { Kind: PeerErrorKind.AuthenticationFailed or PeerErrorKind.WrongPeer } => RpcStatusCode.Unauthenticated,
        _ => RpcStatusCode.Unavailable,
    };

    public static RpcException Lost(MethodDescriptor method, Exception? cause)
    {
        RpcException error = Make(
            method, RpcStatusCode.Unavailable, $"{method} was sent, and its answer lost: {Sentence(cause?.SafeMessage() ?? "the stream ended without one")} It may have run.", cause);
        error.WasLost = true;
        return error;
    }

    public static RpcException NotInNegotiatedVersion(MethodDescriptor method, string alpn)
    {
        RpcException error = Make(
            method, RpcStatusCode.Unimplemented, $"{method} came with \"{method.Contract.SinceOf(method)}\"; the connection agreed on \"{alpn}\".");
        error.IsNotStarted = true;
        return error;
    }

    public static RpcException NotInVersionOfObject(MethodDescriptor method, string alpn)
    {
        RpcException error = Make(
            method,
            RpcStatusCode.Unimplemented,
            $"{method} came with \"{method.Contract.SinceOf(method)}\"; the object that the peer passed is one of \"{alpn}\".");
        error.IsNotStarted = true;
        return error;
    }

    public static RpcException BadResult(MethodDescriptor method, Exception cause)
        => Make(method, RpcStatusCode.Internal, $"The result of {method} does not decode: {Sentence(cause.SafeMessage())}", cause);

    public static RpcException UnwritableArguments(MethodDescriptor method, Exception cause)
    {
        RpcException error = Make(
            method,
            cause is PayloadTooLargeException ? RpcStatusCode.ResourceExhausted : RpcStatusCode.InvalidArgument,
            $"{method} was not sent: its arguments cannot be written: {Sentence(cause.SafeMessage())}",
            cause);
        error.IsNotStarted = true;
        return error;
    }

    public static RpcException MessageTooLarge(MethodDescriptor method, int limit)
        => Make(method, RpcStatusCode.ResourceExhausted, $"A message of {method} is over the limit of {limit} bytes. {HowToRaise} on this side, or stream it.");

    public static RpcException ResponseTooLarge(MethodDescriptor method, int limit)
        => Make(method, RpcStatusCode.ResourceExhausted, $"The answer of {method} is over the limit of {limit} bytes. {HowToRaise} on the caller's side, or stream it.");

    public static RpcException LaneResponseTooLarge(MethodDescriptor method)
        => Make(method, RpcStatusCode.ResourceExhausted, $"The answer of {method} is over the limit of {WireFormat.LargestLaneFrame} bytes that a lane carries.");

    public static string ArgumentsTooLarge(MethodDescriptor method, int limit)
        => $"The arguments of {method} are over the limit of {limit} bytes. {HowToRaise} on the service's side, or stream them.";

    public static string ResponsesNotRead(long limit)
        => $"The caller has not read its responses, which hold more than the {limit} bytes that this peer keeps for it ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxBufferedBytes)}).";

    public static RpcException MetadataTooLarge(MethodDescriptor method, int length, int limit)
    {
        RpcException error = Make(
            method,
            RpcStatusCode.ResourceExhausted,
            $"The metadata and trace of {method} take {length} bytes; {nameof(RpcOptions)}.{nameof(RpcOptions.MaxFieldBytes)} allows {limit}. Send less, or raise it on both sides.");
        error.IsNotStarted = true;
        return error;
    }

    public static RpcException TooManyObjects(MethodDescriptor method, int limit)
    {
        RpcException error = Make(
            method,
            RpcStatusCode.ResourceExhausted,
            $"{method} passes an object, and the peer holds {limit} of this side's already ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxObjects)}). It was asked to release what it no longer uses, and has not.");
        error.IsNotStarted = true;
        return error;
    }

    public static RpcException TooManyUnsent(MethodDescriptor method, int limit)
    {
        RpcException error = Make(
            method,
            RpcStatusCode.ResourceExhausted,
            $"{method} was not sent: {limit} bytes of one-way calls wait for the network ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxUnsentOneWayBytes)}). Await FlushAsync of the connection now and then, or send less.");
        error.IsNotStarted = true;
        return error;
    }

    /// <summary>Says in a call's terms what a stream or connection failed with.</summary>
    public static RpcException FromStream(MethodDescriptor method, Exception exception)
    {
        if (exception is RpcException error)
        {
            error.Method ??= method.ToString();
            return error;
        }

        (RpcStatusCode status, string what) = exception is PeerException { Kind: PeerErrorKind.StreamAborted, ErrorCode: { } code }
            ? code switch
            {
                ResetCode.Cancelled => (RpcStatusCode.Cancelled, "the peer gave it up"),
                ResetCode.IncompatibleVersion => (RpcStatusCode.Unimplemented, "the peer speaks another version of the protocol"),
                ResetCode.UnknownStreamKind => (RpcStatusCode.Unimplemented, "the peer does not know this kind of stream"),
                ResetCode.BrokenFrame => (RpcStatusCode.Internal, "the peer could not follow the frames"),
                ResetCode.LimitExceeded => (RpcStatusCode.ResourceExhausted, "a limit of the peer's was exceeded"),
                _ => (RpcStatusCode.Unavailable, $"the peer reset the stream with code {code}"),
            }
            : exception is PeerException { Kind: PeerErrorKind.StreamAbortedLocally }
                ? (RpcStatusCode.Cancelled, "the call has ended")
                : (RpcStatusCode.Unavailable, exception.SafeMessage());
        return Make(method, status, $"{method} failed: {Sentence(what)}", exception);
    }

    /// <summary>Whether an exception says that the whole connection has ended, not one stream.</summary>
    public static bool IsConnectionFailure(Exception exception)
        => exception is PeerException { Kind: not (PeerErrorKind.StreamAborted or PeerErrorKind.StreamAbortedLocally) };

    /// <summary>Whether the peer closed the connection before anybody served it, so that no call can have run.</summary>
    public static bool WasNeverServed(Exception? failure)
        => failure is PeerException { Kind: PeerErrorKind.Refused } or PeerException
        {
            Kind: PeerErrorKind.ClosedByPeer, ErrorCode: ConnectionErrorCodes.NotServed,
        };

    /// <summary>Whether an exception is of those that streams, connections and frames are expected to fail with.</summary>
    public static bool IsStreamFailure(Exception exception)
        => exception is PeerException or RpcException or EndOfStreamException or InvalidDataException or ObjectDisposedException;

    private const string HowToRaise = "Raise it with [MessageLimit] on the method, or with RpcOptions.MessageLimit,";

    private static string Sentence(string text)
    {
        string trimmed = text.TrimEnd().TrimEnd('.');
        return trimmed.EndsWith('!') || trimmed.EndsWith('?') ? trimmed : trimmed + ".";
    }

    private static RpcException Make(MethodDescriptor method, RpcStatusCode status, string message, Exception? cause = null)
        => new(status, message, cause) { Method = method.ToString() };
}
