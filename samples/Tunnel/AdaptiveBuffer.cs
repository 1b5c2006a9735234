using System.Buffers;

namespace Tunnel;

/// <summary>A pooled buffer that is small while a connection idles or chats, and large while it moves much.</summary>
/// <remarks>
/// A pending read holds its buffer, so that thousands of idle connections would otherwise hold thousands of large ones.
/// </remarks>
internal sealed class AdaptiveBuffer : IDisposable
{
    private const int Small = 4 * 1024;
    private const int Large = 256 * 1024;
    private const int Growth = 8;
    private const int SmallReadsBeforeShrinking = 64;

    private byte[] _array = ArrayPool<byte>.Shared.Rent(Small);
    private int _smallReads;

    public Memory<byte> Memory => _array;

    /// <summary>Chooses the size for the next read, given how much the last one brought. What was read must be dealt with before.</summary>
    public void Adapt(int bytesRead)
    {
        if (bytesRead == _array.Length && _array.Length < Large)
        {
            Replace(Math.Min(_array.Length * Growth, Large));
        }
        else if (bytesRead > Small || _array.Length == Small)
        {
            _smallReads = 0;
        }
        else if (++_smallReads == SmallReadsBeforeShrinking)
        {
            Replace(Small);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = [];
    }

    private void Replace(int size)
    {
        ArrayPool<byte>.Shared.Return(_array);
        _array = ArrayPool<byte>.Shared.Rent(size);
        _smallReads = 0;
    }
}
