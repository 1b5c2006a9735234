using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>The reading direction of a memory stream. All members but <see cref="ReadAsync"/> run under the connection's lock.</summary>
internal sealed class MemoryReceiveSide
{
    private readonly MemoryConnection _connection;
    private readonly MemoryPeerStream _stream;
    private readonly MemoryByteQueue _bytes = new();
    private readonly PendingOperation<int> _read;
    private TaskCompletionSource? _closed;
    private Memory<byte> _target;
    private DirectionEnd? _end;
    private int _unannounced;
    private bool _lastArrived;

    public MemoryReceiveSide(MemoryConnection connection, MemoryPeerStream stream)
    {
        _connection = connection;
        _stream = stream;
        _read = new PendingOperation<int>(Cancel);
    }

    /// <summary>Whether nothing more can come from the peer, or matter to it.</summary>
    public bool IsDone { get; private set; }

    public Task Closed
    {
        get
        {
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            SettleClosed();
            return _closed.Task;
        }
    }

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count = 0;
        DirectionEnd? end = null;
        bool wait = false;
        lock (_connection.Gate)
        {
            if (_read.IsTaken)
            {
                throw new InvalidOperationException($"Another read is under way on stream {_stream.Id}; await it first.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                Abort(PeerStream.CancelledErrorCode);
            }
            else if (_end is not null && _end != DirectionEnd.Complete)
            {
                end = _end;
            }
            else if (_bytes.Length > 0)
            {
                count = Take(buffer.Span);
            }
            else if (_end is null && !_lastArrived)
            {
                _target = buffer;
                _read.Start();
                wait = true;
            }
        }

        if (wait)
        {
            _read.CancelWith(cancellationToken);
            return new ValueTask<int>(_read, _read.Version);
        }

        _connection.Pump();
        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken)
            : end is not null ? ValueTask.FromException<int>(ToException(end))
            : new ValueTask<int>(count);
    }

    /// <summary>Takes what arrived, and the buffer with it.</summary>
    public void Arrived(in MemoryFrame frame)
    {
        if (_end is not null)
        {
            _connection.Consumed(frame.Length);
            frame.Release();
            IsDone |= frame.IsLast;
            return;
        }

        _lastArrived |= frame.IsLast;
        int start = 0;
        if (_read.IsWaiting && frame.Length > 0 && _target.Length > 0)
        {
            start = Math.Min(frame.Length, _target.Length);
            frame.Buffer.AsSpan(0, start).CopyTo(_target.Span);
        }

        if (start < frame.Length)
        {
            _bytes.Append(frame.Buffer!, start, frame.Length);
        }
        else
        {
            frame.Release();
        }

        if (start > 0)
        {
            Consumed(start);
        }
        else if (_lastArrived && _bytes.Length == 0)
        {
            Finish(DirectionEnd.Complete);
            IsDone = true;
        }

        if (frame.Length > 0 || _lastArrived)
        {
            _target = default;
            _read.Complete(start);
        }
    }

    /// <summary>The peer ended the direction abruptly.</summary>
    public void WasReset(long code)
    {
        IsDone = true;
        Fail(DirectionEnd.AbortedByPeer(code));
    }

    /// <summary>This side wants no more.</summary>
    public void Abort(long code)
    {
        if (_end is not null)
        {
            return;
        }

        IsDone |= _lastArrived;
        Fail(DirectionEnd.AbortedLocally(code));
        _connection.Send(new MemoryFrame(MemoryFrameKind.StopSending) { StreamId = _stream.Id, Value = code });
        _connection.DirectionEnded(_stream);
    }

    /// <summary>Ends the direction with what is not its proper end, once.</summary>
    public void Fail(DirectionEnd end)
    {
        if (_end is not null)
        {
            return;
        }

        Finish(end);
        _target = default;
        _connection.Consumed(_bytes.Clear());
        if (_read.IsWaiting)
        {
            _read.Fail(ToException(end));
        }
    }

    private int Take(Span<byte> destination)
    {
        int count = _bytes.Read(destination);
        Consumed(count);
        return count;
    }

    private void Consumed(int count)
    {
        if (_lastArrived)
        {
            _connection.Consumed(count);
            if (_bytes.Length == 0)
            {
                Finish(DirectionEnd.Complete);
                IsDone = true;
                _connection.DirectionEnded(_stream);
            }

            return;
        }

        _unannounced += count;
        if (_unannounced >= _connection.StreamWindow / 4)
        {
            _connection.Send(new MemoryFrame(MemoryFrameKind.StreamCredit) { StreamId = _stream.Id, Value = _unannounced });
            _unannounced = 0;
        }

        _connection.Consumed(count);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (_connection.Gate)
        {
            if (_read.IsWaiting)
            {
                _read.Fail(new OperationCanceledException(cancellationToken));
                Abort(PeerStream.CancelledErrorCode);
            }
        }

        _connection.Pump();
    }

    private void Finish(DirectionEnd end)
    {
        _end = end;
        if (_closed is not null)
        {
            SettleClosed();
        }
    }

    private void SettleClosed()
    {
        if (_end == DirectionEnd.Complete)
        {
            _closed!.TrySetResult();
        }
        else if (_end is not null && _closed!.TrySetException(ToException(_end)))
        {
            // Nobody needs to observe it, so the finalizer must not complain.
            _ = _closed.Task.Exception;
        }
    }

    private PeerException ToException(DirectionEnd end) => end.ToException("reading", _stream.Id, _connection.PeerId);
}
