using System.Buffers;

namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// The segments of one connection: arrays from the shared pool, links from a short list of its own. Not safe for several threads; the
/// connection's lock guards it.
/// </summary>
internal sealed class SegmentPool
{
    private const int MaxFreeLinks = 32;

    private Segment? _free;
    private int _freeCount;

    /// <summary>How many bytes of arrays are rented, for tests of what memory a peer can make this side hold.</summary>
    public long RentedBytes { get; private set; }

    /// <summary>Rents an empty segment.</summary>
    /// <param name="size">How many bytes it holds at least.</param>
    public Segment Rent(int size)
    {
        Segment? segment = _free;
        if (segment is null)
        {
            segment = new Segment();
        }
        else
        {
            _free = segment.Next;
            _freeCount--;
            segment.Next = null;
        }

        segment.Array = ArrayPool<byte>.Shared.Rent(size);
        segment.Start = 0;
        segment.End = 0;
        RentedBytes += segment.Array.Length;
        return segment;
    }

    /// <summary>Takes a segment back. Nobody uses it afterwards.</summary>
    public void Return(Segment segment)
    {
        byte[] array = segment.Array;
        segment.Array = [];
        segment.Next = null;
        RentedBytes -= array.Length;
        if (RentedBytes == 0)
        {
            // An idle connection keeps one link, which its next call needs.
            _free = segment;
            _freeCount = 1;
        }
        else if (_freeCount < MaxFreeLinks)
        {
            segment.Next = _free;
            _free = segment;
            _freeCount++;
        }

        ArrayPool<byte>.Shared.Return(array);
    }
}
