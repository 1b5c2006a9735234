using System.Buffers;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>The writing direction of a memory stream. All members but <see cref="WriteAsync"/> run under the connection's lock.</summary>
internal sealed class MemorySendSide
{
    private const int LargestFrame = 64 * 1024;

    private readonly MemoryConnection _connection;
    private readonly MemoryPeerStream _stream;
    private readonly PendingOperation<bool> _write;
    private TaskCompletionSource? _closed;
    private ReadOnlyMemory<byte> _rest;
    private DirectionEnd? _end;
    private long _credit;
    private bool _completing;
    private bool _inLine;

    public MemorySendSide(MemoryConnection connection, MemoryPeerStream stream, long credit)
    {
        _connection = connection;
        _stream = stream;
        _credit = credit;
        _write = new PendingOperation<bool>(Cancel);
    }

    /// <summary>Whether the peer was told the end, or the abort.</summary>
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

    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken)
    {
        DirectionEnd? end = null;
        bool wait = false;
        lock (_connection.Gate)
        {
            if (_write.IsTaken)
            {
                throw new InvalidOperationException($"Another write is under way on stream {_stream.Id}; await it first.");
            }

            if (_completing && (_end is null || _end == DirectionEnd.Complete))
            {
                throw new InvalidOperationException($"The writes of stream {_stream.Id} were completed already; nothing can follow.");
            }

            if (cancellationToken.IsCancellationRequested)
            {
                Abort(PeerStream.CancelledErrorCode);
            }
            else if (_end is not null)
            {
                end = _end;
            }
            else
            {
                _rest = buffer;
                _completing = completeWrites;
                if (!TrySend())
                {
                    _write.Start();
                    wait = true;
                }
            }
        }

        _connection.Pump();
        if (wait)
        {
            _write.CancelWith(cancellationToken);
            return new ValueTask(_write, _write.Version);
        }

        return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled(cancellationToken)
            : end is not null ? ValueTask.FromException(ToException(end))
            : ValueTask.CompletedTask;
    }

    public void Complete()
    {
        if (_end is null && !_completing)
        {
            _completing = true;
            if (!_write.IsWaiting)
            {
                TrySend();
            }
        }
    }

    /// <summary>The peer read on.</summary>
    public void Credited(long count)
    {
        _credit += count;
        Continue();
    }

    /// <summary>It is this writer's turn in the line of those whom the connection's window held up.</summary>
    public void ConnectionCredited()
    {
        _inLine = false;
        Continue();
    }

    /// <summary>The peer wants no more, and is told that nothing more comes.</summary>
    public void WasStopped(long code)
    {
        if (_end is null)
        {
            Fail(DirectionEnd.AbortedByPeer(code));
            SendReset(code);
        }
    }

    public void Abort(long code)
    {
        if (_end is null)
        {
            Fail(DirectionEnd.AbortedLocally(code));
            SendReset(code);
        }
    }

    /// <summary>Ends the direction with what is not its proper end, once.</summary>
    public void Fail(DirectionEnd end)
    {
        if (_end is not null)
        {
            return;
        }

        Finish(end);
        _rest = default;
        if (_write.IsWaiting)
        {
            _write.Fail(ToException(end));
        }
    }

    private void Continue()
    {
        if (_write.IsWaiting && TrySend())
        {
            _write.Complete(true);
        }
    }

    private bool TrySend()
    {
        while (!_rest.IsEmpty)
        {
            int count = (int)Math.Min(Math.Min(_rest.Length, LargestFrame), Math.Min(_credit, _connection.Credit));
            if (count == 0)
            {
                if (_credit > 0 && !_inLine)
                {
                    _inLine = true;
                    _connection.WaitForCredit(this);
                }

                return false;
            }

            byte[] copy = ArrayPool<byte>.Shared.Rent(count);
            _rest.Span[..count].CopyTo(copy);
            _rest = _rest[count..];
            _credit -= count;
            _connection.Spend(count);
            SendData(copy, count, _completing && _rest.IsEmpty);
        }

        if (_completing && _end is null)
        {
            SendData(null, 0, isLast: true);
        }

        return true;
    }

    private void SendData(byte[]? bytes, int count, bool isLast)
    {
        _connection.Send(new MemoryFrame(MemoryFrameKind.Data) { StreamId = _stream.Id, Buffer = bytes, Length = count, IsLast = isLast });
        if (isLast)
        {
            Finish(DirectionEnd.Complete);
            IsDone = true;
            _connection.DirectionEnded(_stream);
        }
    }

    private void SendReset(long code)
    {
        _connection.Send(new MemoryFrame(MemoryFrameKind.Reset) { StreamId = _stream.Id, Value = code });
        IsDone = true;
        _connection.DirectionEnded(_stream);
    }

    private void Cancel(CancellationToken cancellationToken)
    {
        lock (_connection.Gate)
        {
            if (_write.IsWaiting)
            {
                _write.Fail(new OperationCanceledException(cancellationToken));
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

    private PeerException ToException(DirectionEnd end) => end.ToException("writing", _stream.Id, _connection.PeerId);
}
