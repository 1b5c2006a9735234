using System.Runtime.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>
/// Bytes from the peer, as a stream that can only be read. Disposing it early stops the sender, and so does the garbage collector where nobody reads it any more. For one
/// reader at a time.
/// </summary>
internal sealed class ReceivedBytes : Stream
{
    private readonly MessageReader _direction;
    private readonly Func<ValueTask>? _onDone;
    private int _isReading;
    private bool _isDone;
    private bool _disposed;

    /// <param name="direction">Where the bytes come from.</param>
    /// <param name="onDone">Releases what carries them, at their end or when this is disposed of. May be called more than once.</param>
    public ReceivedBytes(MessageReader direction, Func<ValueTask>? onDone = null)
    {
        _direction = direction;
        _onDone = onDone;
        if (onDone is null)
        {
            // The call owns what carries them.
            GC.SuppressFinalize(this);
        }
    }

    ~ReceivedBytes() => ThreadPool.UnsafeQueueUserWorkItem(static done => _ = done().AsTask(), _onDone!, preferLocal: false);

    public override bool CanRead => !_disposed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (Interlocked.Exchange(ref _isReading, 1) != 0)
        {
            throw new InvalidOperationException("A read is under way. Await it before the next one: the stream is for one reader at a time.");
        }

        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static state => ((MessageReader)state!).Abandon(), _direction);
        try
        {
            int read = _isDone ? 0 : await _direction.ReadBytesAsync(buffer).ConfigureAwait(false);
            if (read == 0 && !buffer.IsEmpty && !_isDone)
            {
                // Nothing more is to come, whether the reader disposes of this or not.
                _isDone = true;
                if (_onDone is not null)
                {
                    await _onDone().ConfigureAwait(false);
                }
            }

            return read;
        }
        catch (Exception exception) when (cancellationToken.IsCancellationRequested && exception is not OperationCanceledException)
        {
            throw new OperationCanceledException("The read was cancelled.", exception, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isReading, 0);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        GC.SuppressFinalize(this);
        _direction.Abandon();
        if (_onDone is not null)
        {
            await _onDone().ConfigureAwait(false);
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
        => throw new NotSupportedException("Bytes from a peer are read asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            // Stops the sender now; the rest follows when the call notices.
            _disposed = true;
            _direction.Abandon();
            _ = _onDone?.Invoke().AsTask();
        }

        base.Dispose(disposing);
    }
}
