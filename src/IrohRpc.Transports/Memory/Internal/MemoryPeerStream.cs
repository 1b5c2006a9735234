using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>One end of a stream in memory.</summary>
internal sealed class MemoryPeerStream : PeerStream
{
    private readonly MemoryConnection _connection;
    private readonly MemoryReceiveSide? _receive;
    private readonly MemorySendSide? _send;

    public MemoryPeerStream(MemoryConnection connection, long id, bool isLocal, long credit)
    {
        _connection = connection;
        Id = id;
        bool isBidirectional = (id & 2) == 0;
        _receive = isBidirectional || !isLocal ? new MemoryReceiveSide(connection, this) : null;
        _send = isBidirectional || isLocal ? new MemorySendSide(connection, this, credit) : null;
    }

    /// <inheritdoc/>
    public override long Id { get; }

    /// <inheritdoc/>
    public override bool CanRead => _receive is not null;

    /// <inheritdoc/>
    public override bool CanWrite => _send is not null;

    /// <inheritdoc/>
    public override Task ReadsClosed
    {
        get
        {
            lock (_connection.Gate)
            {
                return _receive?.Closed ?? Task.CompletedTask;
            }
        }
    }

    /// <inheritdoc/>
    public override Task WritesClosed
    {
        get
        {
            lock (_connection.Gate)
            {
                return _send?.Closed ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Whether both directions are over, for both ends, so that the stream counts no longer.</summary>
    public bool IsDone => _receive is not { IsDone: false } && _send is not { IsDone: false };

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => _receive is null
            ? throw new InvalidOperationException($"Stream {Id} has no reading direction: this side opened it to write only.")
            : _receive.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
        => _send is null
            ? throw new InvalidOperationException($"Stream {Id} has no writing direction: the peer opened it to write only.")
            : _send.WriteAsync(buffer, completeWrites, cancellationToken);

    /// <inheritdoc/>
    public override void CompleteWrites()
    {
        lock (_connection.Gate)
        {
            _send?.Complete();
        }

        _connection.Pump();
    }

    /// <inheritdoc/>
    public override void AbortRead(long errorCode)
    {
        MemoryConnection.RequireErrorCode(errorCode);
        lock (_connection.Gate)
        {
            _receive?.Abort(errorCode);
        }

        _connection.Pump();
    }

    /// <inheritdoc/>
    public override void AbortWrite(long errorCode)
    {
        MemoryConnection.RequireErrorCode(errorCode);
        lock (_connection.Gate)
        {
            _send?.Abort(errorCode);
        }

        _connection.Pump();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Release();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A frame about this stream. Under the connection's lock.</summary>
    public void Receive(in MemoryFrame frame)
    {
        switch (frame.Kind)
        {
            case MemoryFrameKind.Data:
                _receive!.Arrived(in frame);
                break;
            case MemoryFrameKind.Reset:
                _receive!.WasReset(frame.Value);
                break;
            case MemoryFrameKind.StopSending:
                _send!.WasStopped(frame.Value);
                break;
            default:
                _send!.Credited(frame.Value);
                break;
        }
    }

    /// <summary>The connection ended. Under its lock.</summary>
    public void Lose(DirectionEnd end)
    {
        _receive?.Fail(end);
        _send?.Fail(end);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Release();
        }

        base.Dispose(disposing);
    }

    private void Release()
    {
        lock (_connection.Gate)
        {
            _receive?.Abort(DisposedErrorCode);
            _send?.Abort(DisposedErrorCode);
        }

        _connection.Pump();
    }
}
