using System.Buffers;
using IrohRpc.Multiplexing;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Internal;

// The loops, the timer, and the end of both.
internal sealed partial class QMuxConnection
{
    /// <summary>How long the end of the connection may take: telling the peer, and waiting for its end of the bytes.</summary>
    internal static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    // Two of the largest records: one that has arrived in part, and the rest of it with more behind.
    private const int ReceiveBufferLength = 32 * 1024;

    // What leaves in one write: four of the largest records, which are four of the largest TLS records too.
    private const int SendBufferLength = 64 * 1024;

    // A read of this many bytes is part of a bulk transfer, of which so many reads are handed out together.
    private const int BulkRead = 8 * 1024;
    private const int MaxUntoldReads = 4;

    private readonly Stream _duplex;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly long _startedAt;
    private readonly ITimer _timer;
    private readonly WakeSignal _sendSignal = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Owns both loops and all that they use; it never faults.
    private readonly Task _running;
    private Exception? _sendFailure;

    private TimeSpan Now => _time.GetElapsedTime(_startedAt);

    private async Task RunAsync()
    {
        SetTimerUnderLock();
        Task loops = Task.WhenAll(ReceiveAsync(), SendAsync());
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

        ConnectionEnd end = await _closed.Task.ConfigureAwait(false);
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

    private async Task ReceiveAsync()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReceiveBufferLength);
        Exception? failure = null;
        try
        {
            int held = 0;
            int untold = 0;
            while (true)
            {
                ValueTask<int> read = _duplex.ReadAsync(buffer.AsMemory(held), _abort.Token);
                if (untold > 0 && !read.IsCompleted)
                {
                    untold = 0;
                    HandOut();
                }

                int count = await read.ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                // Much at once means that more is about to come: readers are woken once for several reads then, not for each.
                untold = count >= BulkRead && untold < MaxUntoldReads ? untold + 1 : 0;
                held += count;
                int taken = HandleReceived(buffer.AsSpan(0, held), handOut: untold == 0);
                held -= taken;
                if (held > 0 && taken > 0)
                {
                    buffer.AsSpan(taken, held).CopyTo(buffer);
                }
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        lock (Gate)
        {
            // A read that this side gave up says nothing about the cause; a failed write may.
            _session.HandleLoss();
            HandleEnd(failure is null or OperationCanceledException ? _sendFailure ?? failure : failure);
        }

        if (failure is not null)
        {
            // Whatever the duplex stream threw, it carries nothing any more, neither way.
            _aborted.TrySetResult();
        }
    }

    private int HandleReceived(ReadOnlySpan<byte> bytes, bool handOut)
    {
        lock (Gate)
        {
            bool hadPeer = _session.Peer is not null;
            int taken = _session.Receive(bytes, Now);
            if (!hadPeer && _session.Peer is not null)
            {
                _peerReady.TrySetResult();
                SetTimerForSession();
            }

            if (_session.State != QMuxSessionState.Open)
            {
                HandleEvents();
                HandleEnd(null);
            }
            else if (handOut)
            {
                HandOutCore();
            }

            return taken;
        }
    }

    private void HandOut()
    {
        lock (Gate)
        {
            if (End is null)
            {
                HandOutCore();
            }
        }
    }

    private void HandOutCore()
    {
        HandleEvents();
        ServeWaiters();
        WakeSender();
    }

    private async Task SendAsync()
    {
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                buffer ??= ArrayPool<byte>.Shared.Rent(SendBufferLength);
                int count = TakeOutput(buffer.AsSpan(0, SendBufferLength), out bool ended);
                if (count > 0)
                {
                    await _duplex.WriteAsync(buffer.AsMemory(0, count), _abort.Token).ConfigureAwait(false);
                }
                else
                {
                    // An idle connection holds no memory for sending.
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = null;
                    if (ended)
                    {
                        break;
                    }

                    await _sendSignal.WaitAsync().ConfigureAwait(false);
                }
            }

            await ShutdownSendAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            HandleSendFailure(failure);
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private int TakeOutput(Span<byte> buffer, out bool ended)
    {
        lock (Gate)
        {
            int count = _session.Send(buffer, Now);
            HandleEvents();
            ended = End is not null;
            if (count == 0 && !ended)
            {
                _sendSignal.Arm();
            }

            return count;
        }
    }

    private async ValueTask ShutdownSendAsync()
    {
        if (_options.ShutdownSendAsync is { } shutdown)
        {
            await shutdown(_abort.Token).ConfigureAwait(false);
        }

        // A peer that was silent for the whole idle time-out is not waited for.
        if (_session.State == QMuxSessionState.TimedOut)
        {
            _aborted.TrySetResult();
        }
    }

    private void HandleSendFailure(Exception failure)
    {
        lock (Gate)
        {
            // The bytes that have arrived may still hold the peer's reason, so that the reading loop has the last word, within bounds.
            _sendFailure = failure;
            if (End is null)
            {
                SetTimer(CloseTimeout);
            }
        }
    }

    private void HandleEvents()
    {
        while (_session.Streams.TryTakeEvent(out MultiplexedStream stream, out StreamEvents events))
        {
            (stream.Owner as QMuxStream)?.Handle(events);
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
