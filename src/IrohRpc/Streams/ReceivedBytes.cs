using System.Runtime.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Bytes from the peer, as a stream that can only be read. Disposing it early stops the sender.</summary>
/// <param name="direction">Where they come from.</param>
/// <param name="onDone">Lets go of what carries them, at their end or when this is disposed of. May be called more than once.</param>
internal sealed class ReceivedBytes(DirectionReader direction, Func<ValueTask>? onDone = null) : Stream
{
    private bool _disposed;

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
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(static state => ((DirectionReader)state!).Abandon(), direction);
        try
        {
            int read = await direction.ReadBytesAsync(buffer).ConfigureAwait(false);
            if (read == 0 && !buffer.IsEmpty && onDone is not null)
            {
                // Nothing more is to come, whether the reader disposes of this or not.
                await onDone().ConfigureAwait(false);
            }

            return read;
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
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
        direction.Abandon();
        if (onDone is not null)
        {
            await onDone().ConfigureAwait(false);
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
            direction.Abandon();
            _ = onDone?.Invoke().AsTask();
        }

        base.Dispose(disposing);
    }
}
