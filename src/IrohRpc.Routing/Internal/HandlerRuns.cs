using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal;

/// <summary>The handlers of a router that are running: each with its connection, which it owns and which ends with it.</summary>
internal sealed class HandlerRuns : IDisposable
{
    // Once its connection is closed, a handler has only its own tidying up left to do.
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<PeerConnection, Task> _runs = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stoppingToken;
    private readonly TaskCompletionSource _drainEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _drainTimeout;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    public HandlerRuns(TimeSpan drainTimeout, TimeProvider timeProvider, ILogger logger)
    {
        _stoppingToken = _stopping.Token;
        _drainTimeout = drainTimeout;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _runs.Count;
            }
        }
    }

    /// <summary>Runs a handler on the thread pool. Not to be called any more once <see cref="StopAsync"/> was.</summary>
    public void Start(PeerConnection connection, IProtocolHandler handler)
    {
        lock (_lock)
        {
            _runs.Add(connection, RunAsync(connection, handler));
        }
    }

    /// <summary>Asks the handlers to come to an end, waits for them, then closes the connections of those that have not. Never throws.</summary>
    public async Task StopAsync()
    {
        try
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            RoutingLog.ShutdownCallbackThrew(_logger, exception);
        }

        if (await WaitAsync(_drainTimeout, _drainEnded.Task).ConfigureAwait(false))
        {
            return;
        }

        PeerConnection[] open;
        lock (_lock)
        {
            open = [.. _runs.Keys];
        }

        RoutingLog.DrainTimedOut(_logger, open.Length);
        await Task.WhenAll(open.Select(CloseForShutdownAsync)).ConfigureAwait(false);
        if (!await WaitAsync(UnwindTime, null).ConfigureAwait(false))
        {
            RoutingLog.HandlersLeftBehind(_logger, Count);
        }
    }

    /// <summary>Ends the drain time-out now, or as soon as it begins.</summary>
    public void EndDrain() => _drainEnded.TrySetResult();

    public void Dispose() => _stopping.Dispose();

    /// <returns>Whether all have ended.</returns>
    private async Task<bool> WaitAsync(TimeSpan limit, Task? ended)
    {
        Task all;
        lock (_lock)
        {
            all = Task.WhenAll(_runs.Values);
        }

        try
        {
            await (ended is null ? all : Task.WhenAny(all, ended)).WaitAsync(limit, _timeProvider).ConfigureAwait(false);
            return all.IsCompleted;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task RunAsync(PeerConnection connection, IProtocolHandler handler)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        long errorCode = ConnectionErrorCodes.HandlerFailed;
        string reason = "the protocol handler failed";
        PeerException? ended = null;
        try
        {
            await handler.HandleAsync(connection, _stoppingToken).ConfigureAwait(false);
            (errorCode, reason) = (ConnectionErrorCodes.NoError, "");
        }
        catch (OperationCanceledException) when (_stoppingToken.IsCancellationRequested)
        {
            (errorCode, reason) = (ConnectionErrorCodes.ShuttingDown, "the router shuts down");
        }
        catch (PeerException exception)
        {
            // Whether the peer left or the handler failed shows in what the connection ends with, which may come a moment later.
            ended = exception;
        }
        catch (Exception exception)
        {
            RoutingLog.HandlerFailed(_logger, connection.Alpn, connection.PeerId, exception);
        }

        try
        {
            await ConnectionSet.CloseAsync(connection, errorCode, reason).ConfigureAwait(false);
            if (ended is not null)
            {
                LogEnd(connection, await connection.Closed.ConfigureAwait(false), ended);
            }
        }
        catch (Exception exception)
        {
            RoutingLog.BackgroundWorkFailed(_logger, exception);
        }

        lock (_lock)
        {
            _runs.Remove(connection);
        }
    }

    private void LogEnd(PeerConnection connection, ConnectionEnd end, PeerException exception)
    {
        if (end is { Kind: PeerErrorKind.ClosedLocally, ErrorCode: ConnectionErrorCodes.HandlerFailed })
        {
            RoutingLog.HandlerFailed(_logger, connection.Alpn, connection.PeerId, exception);
        }
        else
        {
            // Peers come and go; that is for the log of somebody who looks for it.
            RoutingLog.ConnectionEndedUnderHandler(_logger, connection.Alpn, connection.PeerId, exception);
        }
    }

    private async Task CloseForShutdownAsync(PeerConnection connection)
    {
        try
        {
            await connection.CloseAsync(ConnectionErrorCodes.ShuttingDown, "the router shuts down").ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            RoutingLog.BackgroundWorkFailed(_logger, exception);
        }
    }
}
