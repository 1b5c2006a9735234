namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// Bytes on their way, first in, first out. It holds memory for what is in it and nothing while it is empty. A mutable struct: it lives
/// in a field of its owner.
/// </summary>
internal struct SegmentQueue
{
    private const int SmallestSegment = 512;
    private const int LargestSegment = 16 * 1024;

    private Segment? _head;
    private Segment? _tail;

    /// <summary>How many bytes are in it.</summary>
    public int Length { get; private set; }

    /// <summary>Adds a copy of the bytes at the end.</summary>
    public void Enqueue(ReadOnlySpan<byte> bytes, SegmentPool pool)
    {
        while (!bytes.IsEmpty)
        {
            Segment? tail = _tail;
            int room = tail is null ? 0 : tail.Array.Length - tail.End;
            if (room == 0)
            {
                // A segment is no larger than what came before it and what comes now, so that single bytes cannot make it large.
                tail = pool.Rent(Math.Clamp(Math.Max(bytes.Length, Length), SmallestSegment, LargestSegment));
                room = tail.Array.Length;
                if (_tail is null)
                {
                    _head = tail;
                }
                else
                {
                    _tail.Next = tail;
                }

                _tail = tail;
            }

            int count = Math.Min(room, bytes.Length);
            bytes[..count].CopyTo(tail!.Array.AsSpan(tail.End));
            tail.End += count;
            Length += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Moves bytes from the front.</summary>
    /// <returns>How many: all there are, or as many as fit.</returns>
    public int Dequeue(Span<byte> destination, SegmentPool pool)
    {
        int total = 0;
        while (_head is { } head && total < destination.Length)
        {
            int count = Math.Min(head.End - head.Start, destination.Length - total);
            head.Array.AsSpan(head.Start, count).CopyTo(destination[total..]);
            head.Start += count;
            total += count;
            if (head.Start == head.End)
            {
                RemoveHead(pool);
            }
        }

        Length -= total;
        return total;
    }

    /// <summary>Drops all bytes.</summary>
    /// <returns>How many they were.</returns>
    public int Clear(SegmentPool pool)
    {
        int dropped = Length;
        while (_head is not null)
        {
            RemoveHead(pool);
        }

        Length = 0;
        return dropped;
    }

    private void RemoveHead(SegmentPool pool)
    {
        Segment head = _head!;
        _head = head.Next;
        if (_head is null)
        {
            _tail = null;
        }

        pool.Return(head);
    }
}
