using System.Buffers;

namespace IrohRpc.Blobs.Trees;

/// <summary>Reads exact numbers of bytes, small ones from a buffer. Not for use from several threads.</summary>
internal sealed class WireInput(Stream stream) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private readonly byte[] _one = new byte[1];
    private int _start;
    private int _end;
    private bool _disposed;

    /// <summary>Called with the number of bytes that came, verified or not.</summary>
    public Action<int>? OnRead { get; init; }

    /// <summary>How many bytes were handed out.</summary>
    public long Consumed { get; private set; }

    /// <summary>Fills memory.</summary>
    /// <param name="destination">What to fill.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>False where the stream ended before the first byte.</returns>
    /// <exception cref="EndOfStreamException">The stream ended in the middle.</exception>
    public async ValueTask<bool> TryReadExactAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        Memory<byte> left = destination;
        while (true)
        {
            int ready = Math.Min(left.Length, _end - _start);
            _buffer.AsSpan(_start, ready).CopyTo(left.Span);
            _start += ready;
            left = left[ready..];
            if (left.IsEmpty)
            {
                Consumed += destination.Length;
                return true;
            }

            int read;
            if (left.Length >= BufferSize)
            {
                read = await stream.ReadAsync(left, cancellationToken).ConfigureAwait(false);
                left = left[read..];
            }
            else
            {
                read = await stream.ReadAsync(_buffer.AsMemory(0, BufferSize), cancellationToken).ConfigureAwait(false);
                _start = 0;
                _end = read;
            }

            OnRead?.Invoke(read);
            if (read == 0)
            {
                return left.Length == destination.Length
                    ? false
                    : throw new EndOfStreamException($"The stream ended {left.Length} bytes too early.");
            }
        }
    }

    public async ValueTask ReadExactAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (!destination.IsEmpty && !await TryReadExactAsync(destination, cancellationToken).ConfigureAwait(false))
        {
            throw new EndOfStreamException($"The stream ended where {destination.Length} bytes should follow.");
        }
    }

    /// <summary>Reads until the stream ends or the memory is full.</summary>
    /// <returns>How many bytes were read.</returns>
    public async ValueTask<int> ReadToEndAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        int filled = Math.Min(destination.Length, _end - _start);
        _buffer.AsSpan(_start, filled).CopyTo(destination.Span);
        _start += filled;
        while (filled < destination.Length)
        {
            int read = await stream.ReadAsync(destination[filled..], cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                break;
            }

            filled += read;
        }

        Consumed += filled;
        return filled;
    }

    /// <summary>Reads a number of 7 bits in each byte, least significant first.</summary>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.Malformed"/>: it has more than 64 bits.</exception>
    public async ValueTask<ulong> ReadVarintAsync(CancellationToken cancellationToken)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            await ReadExactAsync(_one, cancellationToken).ConfigureAwait(false);
            value |= (ulong)(_one[0] & 0x7F) << shift;
            if (_one[0] < 0x80)
            {
                return value;
            }
        }

        throw new BlobException(BlobErrorKind.Malformed, "A number on the wire has more than 64 bits.");
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
