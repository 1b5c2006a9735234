using System.Buffers;

namespace IrohRpc.Blobs.Trees;

/// <summary>
/// Collects what is to be sent into few, large writes, and sends one while the next is prepared. Not for use from several threads.
/// </summary>
internal sealed class WireOutput(Stream stream) : IDisposable
{
    private const int BufferSize = Block.MaxEncodedSize + (32 * 1024);

    private byte[] _filling = ArrayPool<byte>.Shared.Rent(BufferSize);
    private byte[] _sending = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _filled;
    private Task _write = Task.CompletedTask;
    private bool _disposed;

    /// <summary>How many bytes were given to it.</summary>
    public long Written { get; private set; }

    /// <summary>Called with the number of bytes before they are sent: what limits the rate waits in it.</summary>
    public Func<int, CancellationToken, ValueTask>? BeforeWrite { get; init; }

    /// <summary>Room for bytes, which count once <see cref="Advance"/> says so.</summary>
    /// <param name="size">How many, at most those of a block.</param>
    /// <param name="cancellationToken">Gives up waiting for earlier writes.</param>
    public async ValueTask<Memory<byte>> ReserveAsync(int size, CancellationToken cancellationToken)
    {
        if (_filled + size > BufferSize)
        {
            await SendAsync(isLast: false, cancellationToken).ConfigureAwait(false);
        }

        return _filling.AsMemory(_filled, size);
    }

    public void Advance(int count)
    {
        _filled += count;
        Written += count;
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Memory<byte> room = await ReserveAsync(bytes.Length, cancellationToken).ConfigureAwait(false);
        bytes.CopyTo(room);
        Advance(bytes.Length);
    }

    /// <summary>Sends what was collected and waits until all of it is with the stream.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await SendAsync(isLast: true, cancellationToken).ConfigureAwait(false);
        await _write.ConfigureAwait(false);
    }

    /// <summary>Gives the buffers back, unless a write that was left behind may still read them.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        ArrayPool<byte>.Shared.Return(_filling);
        if (_write.IsCompleted)
        {
            _ = _write.Exception;
            ArrayPool<byte>.Shared.Return(_sending);
        }
        else
        {
            _ = _write.ContinueWith(
                static (write, _) => _ = write.Exception, null, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async ValueTask SendAsync(bool isLast, CancellationToken cancellationToken)
    {
        await _write.ConfigureAwait(false);
        if (_filled == 0)
        {
            return;
        }

        if (BeforeWrite is not null)
        {
            await BeforeWrite(_filled, cancellationToken).ConfigureAwait(false);
        }

        (_filling, _sending) = (_sending, _filling);
        ReadOnlyMemory<byte> bytes = _sending.AsMemory(0, _filled);
        _filled = 0;

        // Some streams encrypt on the thread that writes, which meanwhile could prepare what follows.
        _write = isLast
            ? stream.WriteAsync(bytes, cancellationToken).AsTask()
            : Task.Run(() => stream.WriteAsync(bytes, cancellationToken).AsTask(), CancellationToken.None);
    }
}
