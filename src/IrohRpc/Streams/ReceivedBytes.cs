using System.Runtime.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>
/// Bytes from the peer, as a stream that can only be read. Disposing it early stops the sender, and so does the garbage collector where nobody reads it any more. For one
/// reader at a time.
/// </summary>
internal sealed class ReceivedBytes : Stream
{
    private const int Idle = 0;
    private const int Reading = 1;
    private const int Disposed = 2;

    private readonly MessageReader _direction;
    private readonly Func<ValueTask>? _onDone;
    private int _state;
    private bool _isDone;

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

    public override bool CanRead => Volatile.Read(ref _state) != Disposed;

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
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _state) == Disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        int state = Interlocked.CompareExchange(ref _state, Reading, Idle);
        ObjectDisposedException.ThrowIf(state == Disposed, this);
        if (state == Reading)
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
            // A disposal meanwhile stands.
            Interlocked.CompareExchange(ref _state, Idle, Reading);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask DisposeAsync()
    {
        if (!TryAbandon())
        {
            return;
        }

        GC.SuppressFinalize(this);
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
        if (disposing && TryAbandon())
        {
            // Stops the sender now; the rest follows when the call notices.
            _ = _onDone?.Invoke().AsTask();
        }

        base.Dispose(disposing);
    }

    // False where it was disposed of before.
    private bool TryAbandon()
    {
        int state = Interlocked.Exchange(ref _state, Disposed);
        if (state == Disposed)
        {
            return false;
        }

        if (state == Reading)
        {
            _direction.LeaveMemory();
        }

        _direction.Abandon();
        return true;
    }
}
