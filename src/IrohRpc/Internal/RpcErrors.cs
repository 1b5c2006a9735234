using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The errors that the runtime itself makes.</summary>
internal static class RpcErrors
{
    public static RpcException DeadlineExceeded(MethodDescriptor method)
        => new(RpcStatusCode.DeadlineExceeded, $"{method} did not answer before its deadline.") { Method = method.ToString() };

    public static RpcException NotStarted(MethodDescriptor method, Exception? cause)
        => new(RpcStatusCode.Unavailable, $"{method} could not be sent: {cause?.Message ?? "the connection has ended."}", cause)
        {
            Method = method.ToString(),
            IsNotStarted = true,
        };

    public static RpcException Lost(MethodDescriptor method, Exception? cause)
        => new(RpcStatusCode.Unavailable, $"{method} was sent, and its answer lost: {cause?.Message ?? "the stream ended without one."} It may have run.", cause)
        {
            Method = method.ToString(),
            WasLost = true,
        };

    public static RpcException TooYoung(MethodDescriptor method, string alpn)
        => new(RpcStatusCode.Unimplemented, $"{method} came with \"{method.Contract.SinceOf(method)}\"; the connection agreed on \"{alpn}\".")
        {
            Method = method.ToString(),
            IsNotStarted = true,
        };

    public static RpcException BadResult(MethodDescriptor method, Exception cause)
        => new(RpcStatusCode.Internal, $"The result of {method} does not decode: {cause.Message}", cause) { Method = method.ToString() };

    public static RpcException UnwritableArguments(MethodDescriptor method, Exception cause)
        => new(
            cause is PayloadTooLargeException ? RpcStatusCode.ResourceExhausted : RpcStatusCode.InvalidArgument,
            $"{method} was not sent: its arguments cannot be written: {cause.Message}",
            cause)
        {
            Method = method.ToString(),
            IsNotStarted = true,
        };

    public static RpcException TooLarge(MethodDescriptor method, string what, int limit)
        => new(RpcStatusCode.ResourceExhausted, $"{what} of {method} is over the limit of {limit} bytes.") { Method = method.ToString() };

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
            : (RpcStatusCode.Unavailable, exception.Message);
        return new RpcException(status, $"{method} failed: {what}.", exception) { Method = method.ToString() };
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

    /// <summary>Whether an exception is of those that streams, connections and frames fail with.</summary>
    public static bool IsStreamFailure(Exception exception)
        => exception is PeerException or RpcException or EndOfStreamException or InvalidDataException or ObjectDisposedException;
}
