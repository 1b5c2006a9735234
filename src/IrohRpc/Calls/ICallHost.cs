using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;

namespace IrohRpc.Calls;

/// <summary>Where calls of others arrive: a connection, or a topic, which has none.</summary>
internal interface ICallHost
{
    /// <summary>The limits of this side.</summary>
    RpcOptions Options { get; }

    /// <summary>What runs around the calls; null for nothing.</summary>
    InterceptorPipeline? Interceptors { get; }

    /// <summary>The connection; null where calls come without one.</summary>
    RpcConnection? Connection { get; }

    /// <summary>Who calls.</summary>
    /// <exception cref="InvalidOperationException">The caller has not proved who it is.</exception>
    EndpointId PeerId { get; }

    /// <summary>The version of the contract that the caller speaks.</summary>
    string Alpn { get; }

    /// <summary>Fires when this side begins to shut down.</summary>
    CancellationToken Stopping { get; }

    /// <summary>Fires when no more calls arrive, and handlers of one-way calls have to end.</summary>
    CancellationToken Ending { get; }

    /// <summary>What tells handlers that nobody waits for them any more, one at a time.</summary>
    LaunchQueue Signals { get; }

    /// <summary>A handler has ended.</summary>
    void HandlerEnded();

    /// <summary>Does what is to happen at the end of a call.</summary>
    void RunEndings(List<Func<ValueTask>> endings);

    /// <summary>A handler has thrown.</summary>
    void LogHandlerFailed(MethodDescriptor method, Exception exception);

    /// <summary>What an interceptor does at the end of a call has failed.</summary>
    void LogCompletionFailed(Exception exception);

    /// <summary>A call did not run.</summary>
    void LogRejected(RpcStatusCode status, string message);
}
