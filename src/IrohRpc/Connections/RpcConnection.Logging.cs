using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc;

// What the calls of a connection log. What a stranger can cause at will is debug level.
public sealed partial class RpcConnection
{
    private readonly ILogger _log;

    internal void LogHandlerFailed(MethodDescriptor method, Exception exception) => HandlerFailed(_log, method, PeerId.ToShortString(), exception);

    internal void LogRefused(RpcStatusCode status, string message) => Refused(_log, PeerId.ToShortString(), status, message);

    internal void LogStreamFailed(long streamId, Exception exception) => StreamFailed(_log, streamId, PeerId.ToShortString(), exception);

    internal void LogPostFailed(MethodDescriptor method, Exception exception) => PostFailed(_log, method, PeerId.ToShortString(), exception);

    private void LogEndingFailed(Exception exception) => EndingFailed(_log, PeerId.ToShortString(), exception);

    [LoggerMessage(1, LogLevel.Error, "{Method} threw at a call of {Peer}.")]
    private static partial void HandlerFailed(ILogger logger, MethodDescriptor method, string peer, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A call of {Peer} was refused with {Status}: {Reason}")]
    private static partial void Refused(ILogger logger, string peer, RpcStatusCode status, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Stream {Stream} of the connection to {Peer} has failed.")]
    private static partial void StreamFailed(ILogger logger, long stream, string peer, Exception exception);

    [LoggerMessage(4, LogLevel.Debug, "The one-way call of {Method} was not sent to {Peer}.")]
    private static partial void PostFailed(ILogger logger, MethodDescriptor method, string peer, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Letting go of what a call of {Peer} had used has failed.")]
    private static partial void EndingFailed(ILogger logger, string peer, Exception exception);
}
