using System.Threading.Tasks.Sources;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Transports.Multiplexed;

// The reading direction.
internal sealed partial class MultiplexedPeerStream
{
    private ManualResetValueTaskSourceCore<int> _read = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _readCancellation;
    private TaskCompletionSource? _readsClosed;
    private bool _isReadWaiting;

    // Until the result of a read that waited was fetched, its source cannot serve another.
    private volatile bool _isReadInUse;

    // What the read got that is about to continue on the thread pool.
    private int _queuedCount;

    /// <inheritdoc/>
    public override Task ReadsClosed
    {
        get
        {
            lock (_connection.Gate)
            {
                if (_stream.Receive is null)
                {
                    return Task.CompletedTask;
                }

                if (_readsClosed is null)
                {
                    _readsClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    HandleReadsEnded();
                }

                return _readsClosed.Task;
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ValueTask<int> result;
        bool mustSend;
        lock (_connection.Gate)
        {
            ReceiveStream receive = _stream.Receive
                ?? throw new InvalidOperationException($"Stream {Id} is one that only this side writes; there is nothing to read.");
            if (_isReadInUse)
            {
                throw new InvalidOperationException($"Another read of stream {Id} is under way; one may be at a time.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                AbortReadCore(CancelledErrorCode);
                return ValueTask.FromCanceled<int>(cancellationToken);
            }

            if (IsReadsEnded(out PeerException? failure))
            {
                return failure is null ? new ValueTask<int>(0) : ValueTask.FromException<int>(failure);
            }

            if (receive.IsReadable)
            {
                int count = receive.Read(buffer.Span);
                HandleReadsEnded();
                result = new ValueTask<int>(count);

                // What was read may have made room that the peer is to hear of.
                mustSend = _connection.TryClaimSending();
            }
            else
            {
                receive.Expect(buffer);
                _isReadWaiting = true;
                _isReadInUse = true;
                _read.Reset();
                result = new ValueTask<int>(this, _read.Version);
                mustSend = false;
            }
        }

        if (mustSend)
        {
            _connection.SendNow(maxWrites: 1);
        }

        if (cancellationToken.CanBeCanceled && !result.IsCompleted)
        {
            _readCancellation = cancellationToken.UnsafeRegister(
                static (stream, token) => ((MultiplexedPeerStream)stream!).CancelRead(token), this);
        }

        return result;
    }

    /// <inheritdoc/>
    public override void AbortRead(long errorCode)
    {
        ThrowIfNotCode(errorCode);
        lock (_connection.Gate)
        {
            AbortReadCore(errorCode);
        }
    }

    int IValueTaskSource<int>.GetResult(short token)
    {
        try
        {
            return _read.GetResult(token);
        }
        finally
        {
            _readCancellation.Dispose();
            _readCancellation = default;
            _isReadInUse = false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _read.OnCompleted(continuation, state, token, flags);

    /// <summary>
    /// Whether a read waits that has got some bytes, but not all that it has room for: it may wait for more. Within the connection's lock.
    /// </summary>
    /// <param name="some">How many bytes are some.</param>
    internal bool IsFilling(int some) => _isReadWaiting && _stream.Receive!.IsFilling(some);

    /// <summary>Tells a read that waited that it has its bytes.</summary>
    /// <param name="count">How many.</param>
    /// <param name="inline">Whether the reader goes on within this call.</param>
    internal void FinishRead(int count, bool inline)
    {
        if (inline)
        {
            ContinueRead(count);
            return;
        }

        // The source itself would allocate a work item for each read.
        _queuedCount = count;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute() => ContinueRead(_queuedCount);

    private void ContinueRead(int count)
    {
        _read.RunContinuationsAsynchronously = false;
        _read.SetResult(count);
    }

    private void HandleReadable()
    {
        ReceiveStream receive = _stream.Receive!;
        if (_isReadWaiting && receive.IsReadable && !IsReadsEnded(out _))
        {
            int count = receive.TakeDelivered();

            // An end that came with the last bytes counts as read with them.
            receive.Read([]);
            _isReadWaiting = false;
            _connection.CompleteRead(new CompletedRead(this, count));
        }

        HandleReadsEnded();
    }

    private void AbortReadCore(long errorCode)
    {
        if (_connection.End is null && _stream.Receive is { } receive && receive.Abort(errorCode))
        {
            HandleReadsEnded();
            _connection.WakeSender();
        }
    }

    private void CancelRead(CancellationToken cancellationToken)
    {
        lock (_connection.Gate)
        {
            if (_isReadWaiting)
            {
                CompletePendingRead(0, new OperationCanceledException(cancellationToken));
                AbortReadCore(CancelledErrorCode);
            }
        }
    }

    // Whether nothing more can be read, and why; no reason where it was read to the end.
    private bool IsReadsEnded(out PeerException? failure)
    {
        ReceiveStream receive = _stream.Receive!;
        failure = null;
        if (receive.StopCode is { } stopCode)
        {
            failure = AbortedLocally(Id, "reading", stopCode);
        }
        else if (receive.State == ReceiveState.Reset)
        {
            failure = Aborted(Id, "its writing", receive.ResetCode);
        }
        else if (receive.State != ReceiveState.DataRead)
        {
            failure = _connection.End?.ToException(_connection.PeerId);
            return failure is not null;
        }

        return true;
    }

    private void HandleReadsEnded()
    {
        if ((!_isReadWaiting && _readsClosed is null) || _stream.Receive is null || !IsReadsEnded(out PeerException? failure))
        {
            return;
        }

        if (_isReadWaiting)
        {
            CompletePendingRead(0, failure);
        }

        SetClosed(_readsClosed, failure);
    }

    private void CompletePendingRead(int count, Exception? failure)
    {
        _stream.Receive!.TakeDelivered();
        _isReadWaiting = false;
        _read.RunContinuationsAsynchronously = true;
        if (failure is null)
        {
            _read.SetResult(count);
        }
        else
        {
            _read.SetException(failure);
        }
    }

    private static void SetClosed(TaskCompletionSource? closed, PeerException? failure)
    {
        if (failure is null)
        {
            closed?.TrySetResult();
        }
        else if (closed is not null && closed.TrySetException(failure))
        {
            // Nobody needs to look at it.
            _ = closed.Task.Exception;
        }
    }
}
