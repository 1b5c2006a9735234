using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.QMux;

// The task that owns both loops, the timer, and the end of all.
internal sealed partial class QMuxConnection
{
    /// <summary>How long the end of the connection may take: telling the peer, and waiting for its end of the bytes.</summary>
    internal static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly Stream _duplex;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Owns both loops and all that they use; it never faults.
    private readonly Task _running;

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    private async Task RunAsync(Task sending)
    {
        // What has arrived already is read on the thread pool, however much it is.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        SetTimerUnderLock();
        Task loops = Task.WhenAll(ReceiveAsync(), sending);
        await Task.WhenAny(loops, _aborted.Task).ConfigureAwait(false);
        await _abort.CancelAsync().ConfigureAwait(false);
        try
        {
            // Disposing ends what the token does not, as the shutdown of TLS.
            await _duplex.DisposeAsync().ConfigureAwait(false);
            await loops.ConfigureAwait(false);
            await _timer.DisposeAsync().ConfigureAwait(false);
            _abort.Dispose();
        }
        catch (Exception failure)
        {
            LogReleaseFailed(_logger, this, failure);
        }

        ConnectionEnd end = await Closed.ConfigureAwait(false);
        LogEnded(_logger, this, end.Kind, end.ErrorCode, end.Reason, end.Exception);
        try
        {
            _options.Lease?.Dispose();
        }
        catch (Exception failure)
        {
            LogReleaseFailed(_logger, this, failure);
        }
    }

    private void HandleTimer()
    {
        lock (Gate)
        {
            if (End is not null || _sendFailure is not null)
            {
                _aborted.TrySetResult();
                return;
            }

            _session.HandleDeadline(Now);
            HandleEnd(null);
            WakeSender();
            SetTimerForSession();
        }
    }

    private void SetTimerUnderLock()
    {
        lock (Gate)
        {
            SetTimerForSession();
        }
    }

    private void SetTimerForSession()
    {
        TimeSpan now = Now;
        if (End is null && _sendFailure is null && _session.NextDeadline(now) is { } deadline)
        {
            SetTimer(deadline - now);
        }
    }

    private void SetTimer(TimeSpan due)
    {
        // Timers count whole milliseconds; one that is rounded down would fire too early, and again.
        double milliseconds = Math.Clamp(Math.Ceiling(due.TotalMilliseconds), 1, int.MaxValue);
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
