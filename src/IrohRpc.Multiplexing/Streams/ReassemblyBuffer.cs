namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// Bytes of one stream that arrived ahead of others. They lie in blocks at fixed offsets, so that what is held is bounded by flow control,
/// one block beyond it at most, however small the pieces are that the peer sends.
/// </summary>
internal sealed class ReassemblyBuffer(SegmentPool pool)
{
    private const int BlockLength = 4096;

    private readonly Dictionary<long, Segment> _blocks = [];
    private OffsetRanges _ranges;

    /// <summary>Whether nothing is held.</summary>
    public bool IsEmpty => _ranges.IsEmpty;

    /// <summary>How many separate runs of bytes are held.</summary>
    public int RangeCount => _ranges.Count;

    /// <summary>Adds a copy of bytes.</summary>
    public void Add(long offset, ReadOnlySpan<byte> bytes)
    {
        _ranges.Add(offset, offset + bytes.Length);
        while (!bytes.IsEmpty)
        {
            (long number, long index) = Math.DivRem(offset, BlockLength);
            if (!_blocks.TryGetValue(number, out Segment? block))
            {
                block = pool.Rent(BlockLength);
                _blocks.Add(number, block);
            }

            int count = Math.Min(BlockLength - (int)index, bytes.Length);
            bytes[..count].CopyTo(block.Array.AsSpan((int)index));
            bytes = bytes[count..];
            offset += count;
        }
    }

    /// <summary>
    /// The bytes at <paramref name="offset"/>, as many as lie in one piece; none where they have not arrived. What lies before is of no use any more.
    /// </summary>
    public ReadOnlySpan<byte> Peek(long offset)
    {
        // Bytes that came again, differently divided, may have overtaken whole runs of those that are held.
        _ranges.RemoveBelow(offset);
        if (_ranges.IsEmpty || _ranges.First.Start > offset)
        {
            return default;
        }

        (long number, long index) = Math.DivRem(offset, BlockLength);
        int count = (int)Math.Min(BlockLength - index, _ranges.First.End - offset);
        return _blocks[number].Array.AsSpan((int)index, count);
    }

    /// <summary>Lets go of everything from <paramref name="offset"/> to <paramref name="end"/> and before.</summary>
    public void Release(long offset, long end)
    {
        _ranges.RemoveBelow(end);
        if (_ranges.IsEmpty)
        {
            Clear();
            return;
        }

        for (long number = offset / BlockLength; number < end / BlockLength; number++)
        {
            if (_blocks.Remove(number, out Segment? block))
            {
                pool.Return(block);
            }
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Clear()
    {
        foreach (Segment block in _blocks.Values)
        {
            pool.Return(block);
        }

        _blocks.Clear();
        _ranges.Clear();
    }
}
