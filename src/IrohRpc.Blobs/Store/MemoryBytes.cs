using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store;

/// <summary>Bytes in memory, which come into being where they are written, so that a size that somebody claims costs nothing.</summary>
internal sealed class MemoryBytes : IRandomBytes
{
    private const int PageSize = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<long, byte[]> _pages = [];

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        Read(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    public void Read(long offset, Span<byte> left)
    {
        lock (_lock)
        {
            while (!left.IsEmpty)
            {
                (long page, long start) = Math.DivRem(offset, PageSize);
                if (!_pages.TryGetValue(page, out byte[]? bytes) || start >= bytes.Length)
                {
                    throw new EndOfStreamException($"Nothing was written at byte {offset}.");
                }

                ReadOnlySpan<byte> part = bytes.AsSpan((int)start);
                part = part[..Math.Min(part.Length, left.Length)];
                part.CopyTo(left);
                left = left[part.Length..];
                offset += part.Length;
            }
        }
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        Write(offset, bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void Write(long offset, ReadOnlySpan<byte> left)
    {
        lock (_lock)
        {
            while (!left.IsEmpty)
            {
                (long number, long start) = Math.DivRem(offset, PageSize);
                int count = (int)Math.Min(PageSize - start, left.Length);
                int needed = (int)start + count;
                if (!_pages.TryGetValue(number, out byte[]? page) || page.Length < needed)
                {
                    Array.Resize(ref page, needed);
                    _pages[number] = page;
                }

                left[..count].CopyTo(page.AsSpan((int)start));
                left = left[count..];
                offset += count;
            }
        }
    }

    public void Close()
    {
    }
}
