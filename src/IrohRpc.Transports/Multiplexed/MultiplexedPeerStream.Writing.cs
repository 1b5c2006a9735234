using System.Threading.Tasks.Sources;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Transports.Multiplexed;

// The writing direction.
internal sealed partial class MultiplexedPeerStream
{
    private ManualResetValueTaskSourceCore<bool> _write = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _writeCancellation;
    private TaskCompletionSource? _writesClosed;
    private bool _isWriteWaiting;

    // Until the result of a write that waited was fetched, its source cannot serve another.
    private volatile bool _isWriteInUse;

    /// <inheritdoc/>
    public override Task WritesClosed
    {
        get
        {
            lock (_connection.Gate)
            {
                if (_stream.Send is null)
                {
                    return Task.CompletedTask;
                }

                if (_writesClosed is null)
                {
                    _writesClosed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    HandleWritesEnded();
                }

                return _writesClosed.Task;
            }
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
    {
        ValueTask result = ValueTask.CompletedTask;
        bool mustSend;
        lock (_connection.Gate)
        {
            SendStream send = _stream.Send
                ?? throw new InvalidOperationException($"Stream {Id} is one that only the peer writes.");
            if (_isWriteInUse)
            {
                throw new InvalidOperationException($"Another write of stream {Id} is under way; one may be at a time.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                AbortWriteCore(CancelledErrorCode);
                return ValueTask.FromCanceled(cancellationToken);
            }

            if (IsWritesEnded(out PeerException? failure) && failure is not null)
            {
                return ValueTask.FromException(failure);
            }

            if (send.IsCompleted)
            {
                throw new InvalidOperationException($"The writes of stream {Id} were completed; nothing can follow.");
            }

            if (!send.Write(buffer, completeWrites))
            {
                _isWriteWaiting = true;
                _isWriteInUse = true;
                _write.Reset();
                result = new ValueTask(this, _write.Version);
            }

            mustSend = _connection.TryClaimSending();
        }

        if (mustSend)
        {
            _connection.SendNow();
        }

        if (cancellationToken.CanBeCanceled && !result.IsCompleted)
        {
            _writeCancellation = cancellationToken.UnsafeRegister(
                static (stream, token) => ((MultiplexedPeerStream)stream!).CancelWrite(token), this);
        }

        return result;
    }

    /// <inheritdoc/>
    public override void CompleteWrites()
    {
        lock (_connection.Gate)
        {
            if (_connection.End is null && _stream.Send is { } send)
            {
                send.Complete();
                _connection.WakeSender();
            }
        }
    }

    /// <inheritdoc/>
    public override void AbortWrite(long errorCode)
    {
        ThrowIfNotCode(errorCode);
        lock (_connection.Gate)
        {
            AbortWriteCore(errorCode);
        }
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            _write.GetResult(token);
        }
        finally
        {
            _writeCancellation.Dispose();
            _writeCancellation = default;
            _isWriteInUse = false;
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _write.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _write.OnCompleted(continuation, state, token, flags);

    private void AbortWriteCore(long errorCode)
    {
        if (_connection.End is null && _stream.Send is { } send && send.Abort(errorCode))
        {
            HandleWritesEnded();
            _connection.WakeSender();
        }
    }

    private void CancelWrite(CancellationToken cancellationToken)
    {
        lock (_connection.Gate)
        {
            if (_isWriteWaiting)
            {
                CompletePendingWrite(new OperationCanceledException(cancellationToken));
                AbortWriteCore(CancelledErrorCode);
            }
        }
    }

    // Whether nothing more can be written, and why; no reason where everything was handed over for sending.
    private bool IsWritesEnded(out PeerException? failure)
    {
        SendStream send = _stream.Send!;
        failure = null;
        if (send.StopCode is { } stopCode)
        {
            failure = Aborted(Id, "its reading", stopCode);
        }
        else if (send.State is SendState.ResetPending or SendState.ResetSent)
        {
            failure = AbortedLocally(Id, "writing", send.ResetCode);
        }
        else if (send.State != SendState.FinSent)
        {
            failure = _connection.End?.ToException(_connection.PeerId);
            return failure is not null;
        }

        return true;
    }

    private void HandleWritesEnded()
    {
        if ((!_isWriteWaiting && _writesClosed is null) || _stream.Send is null || !IsWritesEnded(out PeerException? failure))
        {
            return;
        }

        CompletePendingWrite(failure);
        SetClosed(_writesClosed, failure);
    }

    private void CompletePendingWrite(Exception? failure)
    {
        if (!_isWriteWaiting)
        {
            return;
        }

        _isWriteWaiting = false;
        if (failure is null)
        {
            _write.SetResult(true);
        }
        else
        {
            _write.SetException(failure);
        }
    }
}
