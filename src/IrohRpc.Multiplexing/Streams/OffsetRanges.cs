namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// A set of byte offsets as ranges in ascending order that neither overlap nor touch. It allocates only while there is more than one gap,
/// and keeps nothing while it is empty. A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct OffsetRanges
{
    private const int FirstCapacity = 2;

    private Range[]? _ranges;

    /// <summary>How many ranges there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether no offset is in the set.</summary>
    public readonly bool IsEmpty => Count == 0;

    /// <summary>The lowest range. Only where there is one.</summary>
    public readonly (long Start, long End) First => (_ranges![0].Start, _ranges[0].End);

    /// <summary>The range at a position in ascending order.</summary>
    public readonly (long Start, long End) this[int index] => (_ranges![index].Start, _ranges[index].End);

    /// <summary>Adds the offsets from <paramref name="start"/> up to, and without, <paramref name="end"/>.</summary>
    public void Add(long start, long end)
    {
        if (start >= end)
        {
            return;
        }

        int first = IndexOfEndAtLeast(start);
        int last = first;
        while (last < Count && _ranges![last].Start <= end)
        {
            start = Math.Min(start, _ranges[last].Start);
            end = Math.Max(end, _ranges[last].End);
            last++;
        }

        Replace(first, last, new Range(start, end));
    }

    /// <summary>Removes the offsets from <paramref name="start"/> up to, and without, <paramref name="end"/>.</summary>
    public void Remove(long start, long end)
    {
        if (start >= end)
        {
            return;
        }

        int index = IndexOfEndAtLeast(start + 1);
        while (index < Count && _ranges![index].Start < end)
        {
            Range range = _ranges[index];
            if (range.Start < start && range.End > end)
            {
                _ranges[index].End = start;
                Replace(index + 1, index + 1, new Range(end, range.End));
                return;
            }

            if (range.Start < start)
            {
                _ranges[index++].End = start;
            }
            else if (range.End > end)
            {
                _ranges[index].Start = end;
                return;
            }
            else
            {
                RemoveAt(index);
            }
        }
    }

    /// <summary>Whether an offset is in the set.</summary>
    public readonly bool Contains(long offset)
    {
        int index = IndexOfEndAtLeast(offset + 1);
        return index < Count && _ranges![index].Start <= offset;
    }

    /// <summary>Removes all offsets below <paramref name="end"/>.</summary>
    public void RemoveBelow(long end)
    {
        if (Count > 0 && _ranges![0].Start < end)
        {
            Remove(_ranges[0].Start, end);
        }
    }

    /// <summary>Empties the set.</summary>
    public void Clear()
    {
        _ranges = null;
        Count = 0;
    }

    private readonly int IndexOfEndAtLeast(long offset)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_ranges![middle].End < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Replace(int first, int last, Range range)
    {
        if (first == last)
        {
            if (_ranges is null)
            {
                _ranges = new Range[FirstCapacity];
            }
            else if (Count == _ranges.Length)
            {
                Array.Resize(ref _ranges, 2 * Count);
            }

            Array.Copy(_ranges, first, _ranges, first + 1, Count - first);
            Count++;
        }
        else if (last - first > 1)
        {
            Array.Copy(_ranges!, last, _ranges!, first + 1, Count - last);
            Count -= last - first - 1;
        }

        _ranges![first] = range;
    }

    private void RemoveAt(int index)
    {
        Count--;
        Array.Copy(_ranges!, index + 1, _ranges!, index, Count - index);

        // What a burst of loss needed is not kept for as long as the stream lives.
        if (Count == 0 && _ranges!.Length > 4)
        {
            _ranges = null;
        }
    }

    private struct Range(long start, long end)
    {
        public long Start = start;
        public long End = end;
    }
}
