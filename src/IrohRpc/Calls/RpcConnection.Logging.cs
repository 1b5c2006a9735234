using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc;

// What the calls of a connection log. What a stranger can cause at will is debug level. A logger is the user's and may throw; the calls go on.
public abstract partial class RpcConnection
{
    private readonly ILogger _log;

    internal void LogHandlerFailed(MethodDescriptor method, Exception exception) => Log(() =>
    {
        // What a peer sends may decide how often a handler throws.
        if (Options.HandlerFailures.Allows(method, Options.TimeProvider, out long leftOut))
        {
            HandlerFailed(_log, method, PeerId.ToShortString(), exception);
            if (leftOut > 0)
            {
                HandlerFailuresLeftOut(_log, method, leftOut);
            }
        }
    });

    internal void LogRejected(RpcStatusCode status, string message)
    {
        if (IsDebug)
        {
            Log(() => Rejected(_log, PeerId.ToShortString(), status, message));
        }
    }

    internal void LogStreamFailed(long streamId, Exception exception)
    {
        if (IsDebug)
        {
            Log(() => StreamFailed(_log, streamId, PeerId.ToShortString(), exception));
        }
    }

    internal void LogStreamBroken(long streamId, Exception exception) => Log(() => StreamBroken(_log, streamId, PeerId.ToShortString(), exception));

    private static ILogger CreateLogger(RpcOptions options)
    {
        try
        {
            return options.LoggerFactory.CreateLogger("IrohRpc.Calls");
        }
        catch (Exception)
        {
            return NullLogger.Instance;
        }
    }

    private bool IsDebug
    {
        get
        {
            try
            {
                return _log.IsEnabled(LogLevel.Debug);
            }
            catch (Exception)
            {
                return false;
            }
        }
    }

    private protected void LogOneWayRefused(MethodDescriptor method)
        => Log(() => OneWayRefused(_log, method, PeerId.ToShortString(), Options.MaxUnsentOneWayBytes));

    private void LogEndingFailed(Exception exception) => Log(() => EndingFailed(_log, PeerId.ToShortString(), exception));

    internal void LogCompletionFailed(Exception exception) => Log(() => CompletionFailed(_log, PeerId.ToShortString(), exception));

    internal void LogTaskFailed(Exception exception) => Log(() => TaskFailed(_log, PeerId.ToShortString(), exception));

    private static void Log(Action write)
    {
        try
        {
            write();
        }
        catch (Exception)
        {
            // There is nowhere else to say it.
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} threw at a call of {Peer}.")]
    private static partial void HandlerFailed(ILogger logger, MethodDescriptor method, string peer, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "{Method} threw {Count} times more than were logged: more than 100 in a second.")]
    private static partial void HandlerFailuresLeftOut(ILogger logger, MethodDescriptor method, long count);

    [LoggerMessage(2, LogLevel.Debug, "A call of {Peer} was rejected with {Status}: {Reason}")]
    private static partial void Rejected(ILogger logger, string peer, RpcStatusCode status, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Stream {Stream} of the connection to {Peer} has failed.")]
    private static partial void StreamFailed(ILogger logger, long stream, string peer, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Releasing what a call of {Peer} had used has failed.")]
    private static partial void EndingFailed(ILogger logger, string peer, Exception exception);

    [LoggerMessage(6, LogLevel.Error, "Stream {Stream} of the connection to {Peer} has failed in a way that streams do not fail in; the calls on it have ended.")]
    private static partial void StreamBroken(ILogger logger, long stream, string peer, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "Work for the connection to {Peer} has failed.")]
    private static partial void TaskFailed(ILogger logger, string peer, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "A one-way call of {Method} to {Peer} was refused: {Limit} bytes wait for the network. Later ones are counted and not logged.")]
    private static partial void OneWayRefused(ILogger logger, MethodDescriptor method, string peer, long limit);

    [LoggerMessage(9, LogLevel.Warning, "What an interceptor does at the end of a call of {Peer} has failed.")]
    private static partial void CompletionFailed(ILogger logger, string peer, Exception exception);
}
