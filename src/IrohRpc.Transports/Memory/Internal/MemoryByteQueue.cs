using System.Buffers;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>Bytes that arrived and were not read: pooled arrays in a row. Small pieces are packed together, large ones kept as they came.</summary>
internal sealed class MemoryByteQueue
{
    private const int SegmentSize = 4096;

    private Segment? _first;
    private Segment? _last;

    // One kept back, so that a stream whose reader keeps up allocates nothing.
    private Segment? _spare;

    /// <summary>How many bytes are in it.</summary>
    public int Length { get; private set; }

    /// <summary>Adds the part of a pooled array from <paramref name="start"/> to <paramref name="end"/> and takes the array over.</summary>
    public void Append(byte[] array, int start, int end)
    {
        int count = end - start;
        Length += count;
        if (_last is not null && count < SegmentSize)
        {
            if (_last.Buffer.Length - _last.End < count)
            {
                Link(ArrayPool<byte>.Shared.Rent(SegmentSize), 0, 0);
            }

            Segment last = _last;
            array.AsSpan(start, count).CopyTo(last.Buffer.AsSpan(last.End));
            last.End += count;
            ArrayPool<byte>.Shared.Return(array);
            return;
        }

        Link(array, start, end);
    }

    /// <summary>Takes as many bytes out as there are and as fit.</summary>
    /// <returns>How many.</returns>
    public int Read(Span<byte> destination)
    {
        int total = 0;
        while (_first is not null && !destination.IsEmpty)
        {
            int count = Math.Min(destination.Length, _first.End - _first.Start);
            _first.Buffer.AsSpan(_first.Start, count).CopyTo(destination);
            destination = destination[count..];
            total += count;
            _first.Start += count;
            if (_first.Start == _first.End)
            {
                DropFirst();
            }
        }

        Length -= total;
        return total;
    }

    /// <summary>Gives all arrays back.</summary>
    /// <returns>How many bytes were dropped.</returns>
    public int Clear()
    {
        int dropped = Length;
        while (_first is not null)
        {
            DropFirst();
        }

        Length = 0;
        return dropped;
    }

    private void Link(byte[] buffer, int start, int end)
    {
        Segment segment = _spare ?? new Segment();
        _spare = null;
        segment.Buffer = buffer;
        segment.Start = start;
        segment.End = end;
        if (_last is null)
        {
            _first = segment;
        }
        else
        {
            _last.Next = segment;
        }

        _last = segment;
    }

    private void DropFirst()
    {
        Segment dropped = _first!;
        ArrayPool<byte>.Shared.Return(dropped.Buffer);
        _first = dropped.Next;
        if (_first is null)
        {
            _last = null;
        }

        dropped.Buffer = [];
        dropped.Next = null;
        _spare = dropped;
    }

    private sealed class Segment
    {
        public byte[] Buffer { get; set; } = [];

        public int Start { get; set; }

        public int End { get; set; }

        public Segment? Next { get; set; }
    }
}
