using IrohRpc.CompilerServices;

namespace IrohRpc.Wire;

/// <summary>The two buffers of a sender: one fills while the other is written. Guarded by the sender.</summary>
/// <param name="budget">Counts the bytes that are not written yet; null where nobody counts them.</param>
internal struct SendBuffers(ByteBudget? budget)
{
    private const int FirstSize = 4 * 1024;
    private const int LargestKept = 256 * 1024;

    // Arrays of at least this size change hands: cheaper than a copy, though the array may be larger than the bytes need.
    private const int LeastHandedOver = 16 * 1024;

    private byte[] _filling = [];
    private byte[] _spare = [];
    private int _start;

    /// <summary>How many bytes wait for a write.</summary>
    public int Pending;

    /// <summary>How many bytes the write under way has.</summary>
    public int Sending;

    /// <summary>How many bytes were ever appended.</summary>
    public long Appended { get; private set; }

    /// <summary>How many of these were ever given to a write.</summary>
    public long HandedOver { get; private set; }

    /// <summary>Room for so many bytes behind what was appended before.</summary>
    public Span<byte> Reserve(int count)
    {
        int needed = checked(Pending + count);
        if (_start + needed > _filling.Length)
        {
            byte[] larger = BufferPool.Rent(Math.Max(FirstSize, Math.Max(needed, (int)Math.Min(Array.MaxLength, 2L * _filling.Length))));
            _filling.AsSpan(_start, Pending).CopyTo(larger);
            if (_filling.Length > 0)
            {
                BufferPool.Return(_filling);
            }

            _filling = larger;
            _start = 0;
        }

        Span<byte> reserved = _filling.AsSpan(_start + Pending, count);
        Pending = needed;
        Appended += count;
        budget?.Take(count);
        return reserved;
    }

    /// <summary>Appends a whole frame: large ones change hands where nothing waits before them.</summary>
    /// <param name="frame">The buffer, which may come back empty.</param>
    /// <param name="start">Where the frame begins in it.</param>
    public void Append(CallBuffer frame, int start)
    {
        int length = frame.Length - start;
        if (length < LeastHandedOver || Pending > 0)
        {
            frame.WrittenSpan[start..].CopyTo(Reserve(length));
            return;
        }

        _filling = frame.Exchange(_filling);
        _start = start;
        Pending = length;
        Appended += length;
        budget?.Take(length);
    }

    /// <summary>What is written next: everything that was appended.</summary>
    public ReadOnlyMemory<byte> TakeBatch()
    {
        if (_spare.Length > LargestKept)
        {
            BufferPool.Return(_spare);
            _spare = [];
        }

        ReadOnlyMemory<byte> batch = _filling.AsMemory(_start, Pending);
        (_filling, _spare) = (_spare, _filling);
        Sending = Pending;
        _start = 0;
        Pending = 0;
        HandedOver = Appended;
        return batch;
    }

    /// <summary>The write has ended.</summary>
    public void Sent()
    {
        budget?.Return(Sending);
        Sending = 0;
    }

    /// <summary>What waits is never written.</summary>
    public void DropPending()
    {
        budget?.Return(Pending);
        Pending = 0;
    }

    /// <summary>Gives the memory back. Nothing waits, and no write is under way.</summary>
    public void Release()
    {
        if (_filling.Length > 0)
        {
            BufferPool.Return(_filling);
        }

        if (_spare.Length > 0)
        {
            BufferPool.Return(_spare);
        }

        _filling = [];
        _spare = [];
    }
}
