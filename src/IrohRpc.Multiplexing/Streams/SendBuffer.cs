namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// The bytes of one stream that are to be sent or may have to be sent again: written at the end, read once in order for sending and at any
/// offset for sending again, released from the front. It holds memory for what is in it and nothing while it is empty. A mutable struct: it
/// lives in a field of its owner.
/// </summary>
internal struct SendBuffer
{
    private const int SmallestSegment = 512;
    private const int LargestSegment = 16 * 1024;

    private Segment? _head;
    private Segment? _tail;

    // The segment of the next byte to send for the first time, and the one that was last read out of order.
    private Segment? _unsent;
    private Segment? _lastCopied;

    // What was acknowledged beyond the start, and what is to be sent again. Both are empty where the transport below is reliable.
    private OffsetRanges _acknowledged;
    private OffsetRanges _lost;

    /// <summary>The offset of the first byte that is kept.</summary>
    public long Start { get; private set; }

    /// <summary>The offset of the next byte to send for the first time.</summary>
    public long Sent { get; private set; }

    /// <summary>The offset behind the last byte.</summary>
    public long End { get; private set; }

    /// <summary>How many bytes have not been sent yet.</summary>
    public readonly int UnsentLength => (int)(End - Sent);

    /// <summary>Whether there are bytes to send again.</summary>
    public readonly bool HasLost => !_lost.IsEmpty;

    /// <summary>The first bytes to send again. Only where there are some.</summary>
    public readonly (long Start, long End) FirstLost => _lost.First;

    /// <summary>Adds a copy of the bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes, SegmentPool pool)
    {
        while (!bytes.IsEmpty)
        {
            Segment? tail = _tail;
            int room = tail is null ? 0 : tail.Array.Length - tail.End;
            if (room == 0)
            {
                // A segment is no larger than what came before it and what comes now, so that single bytes cannot make it large.
                tail = pool.Rent((int)Math.Clamp(Math.Max(bytes.Length, End - Start), SmallestSegment, LargestSegment));
                tail.Offset = End;
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
                _unsent ??= tail;
            }

            int count = Math.Min(room, bytes.Length);
            bytes[..count].CopyTo(tail!.Array.AsSpan(tail.End));
            tail.End += count;
            End += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Copies the next unsent bytes and counts them as sent.</summary>
    /// <param name="destination">Filled in full: no longer than <see cref="UnsentLength"/>.</param>
    public void CopyUnsent(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            Segment segment = _unsent!;
            int index = (int)(Sent - segment.Offset);
            int count = Math.Min(segment.End - index, destination.Length);
            segment.Array.AsSpan(index, count).CopyTo(destination);
            destination = destination[count..];
            Sent += count;
            if (index + count == segment.End && segment.Next is { } next)
            {
                _unsent = next;
            }
            else if (index + count == segment.Array.Length)
            {
                _unsent = null;
            }
        }
    }

    /// <summary>Copies bytes that were lost; they are under way again.</summary>
    /// <param name="offset">The start of <see cref="FirstLost"/>.</param>
    /// <param name="destination">Filled in full: no longer than <see cref="FirstLost"/>.</param>
    public void CopyLost(long offset, Span<byte> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        _lost.Remove(offset, offset + destination.Length);
        Segment segment = _lastCopied is { } last && last.Offset <= offset ? last : _head!;
        while (!destination.IsEmpty)
        {
            while (offset >= segment.Offset + segment.End)
            {
                segment = segment.Next!;
            }

            int index = (int)(offset - segment.Offset);
            int count = Math.Min(segment.End - index, destination.Length);
            segment.Array.AsSpan(index, count).CopyTo(destination);
            destination = destination[count..];
            offset += count;
        }

        _lastCopied = segment;
    }

    /// <summary>Sent bytes have arrived at the peer: they are let go of as soon as nothing before them is missing.</summary>
    public void Acknowledge(long offset, long end, SegmentPool pool)
    {
        if (!_lost.IsEmpty)
        {
            _lost.Remove(offset, end);
        }

        if (offset > Start)
        {
            _acknowledged.Add(offset, end);
        }
        else if (end > Start)
        {
            while (!_acknowledged.IsEmpty && _acknowledged.First.Start <= end)
            {
                end = Math.Max(end, _acknowledged.First.End);
                _acknowledged.RemoveBelow(end);
            }

            Release(end, pool);
        }
    }

    /// <summary>Sent bytes were lost: those of them that have not arrived otherwise are to be sent again.</summary>
    public void Lose(long offset, long end)
    {
        _lost.Add(Math.Max(offset, Start), end);
        for (int i = 0; i < _acknowledged.Count && _acknowledged[i].Start < end; i++)
        {
            _lost.Remove(_acknowledged[i].Start, _acknowledged[i].End);
        }
    }

    /// <summary>Lets go of everything before <paramref name="offset"/>, which is not beyond <see cref="Sent"/>.</summary>
    public void Release(long offset, SegmentPool pool)
    {
        while (_head is { } head && offset >= head.Offset + head.End)
        {
            if (_lastCopied == head)
            {
                _lastCopied = null;
            }

            if (_unsent == head)
            {
                _unsent = head.Next;
            }

            _head = head.Next;
            if (_head is null)
            {
                _tail = null;
            }

            pool.Return(head);
        }

        Start = offset;
    }

    /// <summary>Drops all bytes; those that were not sent count as never written.</summary>
    public void Clear(SegmentPool pool)
    {
        while (_head is { } head)
        {
            _head = head.Next;
            pool.Return(head);
        }

        _tail = null;
        _unsent = null;
        _lastCopied = null;
        _acknowledged.Clear();
        _lost.Clear();
        End = Sent;
        Start = Sent;
    }
}
