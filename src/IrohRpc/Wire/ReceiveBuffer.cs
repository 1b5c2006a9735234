namespace IrohRpc.Wire;

/// <summary>What has arrived of a direction and is not read yet. Memory grows with the bytes that arrived, and a budget counts it.</summary>
/// <param name="budget">Counts what grows beyond the first piece; null where nobody counts it.</param>
internal struct ReceiveBuffer(ByteBudget? budget)
{
    private const int FirstSize = 16 * 1024;

    private byte[] _bytes = [];
    private int _counted;

    /// <summary>Where what has arrived begins.</summary>
    public int Start;

    /// <summary>Where it ends.</summary>
    public int End;

    /// <summary>How many bytes have arrived and are not read.</summary>
    public readonly int Length => End - Start;

    public readonly bool IsEmpty => Start == End;

    /// <summary>Whether a read can bring no more before <see cref="MakeRoom"/>.</summary>
    public readonly bool IsFull => End == _bytes.Length;

    public readonly ReadOnlySpan<byte> Span => _bytes.AsSpan(Start, End - Start);

    /// <summary>Where the next read goes.</summary>
    public readonly Memory<byte> Free => _bytes.AsMemory(End);

    /// <summary>Everything up to the rest has been read.</summary>
    public void Consume(ReadOnlySpan<byte> rest) => Start = End - rest.Length;

    /// <summary>Makes room for a read.</summary>
    /// <param name="whole">How long the frame at hand is, where memory may be taken for it at once; otherwise 0.</param>
    /// <exception cref="RpcException">It does not fit in the budget.</exception>
    public void MakeRoom(int whole)
    {
        if (Start == End)
        {
            Start = End = 0;
        }

        if (End < _bytes.Length && Start + whole <= _bytes.Length)
        {
            return;
        }

        int held = End - Start;
        bool isCrowded = held > _bytes.Length / 2;
        if (!isCrowded && Start > 0 && whole <= _bytes.Length)
        {
            Span.CopyTo(_bytes);
        }
        else
        {
            int length = Math.Max(Math.Max(FirstSize, whole), isCrowded ? checked(_bytes.Length * 2) : _bytes.Length);
            Count(length);
            byte[] larger = BufferPool.Rent(length);
            Span.CopyTo(larger);
            if (_bytes.Length > 0)
            {
                BufferPool.Return(_bytes);
            }

            _bytes = larger;
        }

        Start = 0;
        End = held;
    }

    /// <summary>Gives the memory back.</summary>
    public void Release()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Start = End = 0;
        if (bytes.Length > 0)
        {
            BufferPool.Return(bytes);
        }

        Uncount();
    }

    /// <summary>Returns what was counted, and leaves the memory to whoever may still write to it.</summary>
    public void Uncount()
    {
        if (_counted > 0)
        {
            budget?.Return(_counted);
            _counted = 0;
        }
    }

    private void Count(int length)
    {
        if (budget is null)
        {
            return;
        }

        // The first piece is bounded by the number of streams; what grows beyond it has to fit.
        if (length <= FirstSize)
        {
            budget.Take(length - _counted);
        }
        else if (!budget.TryTake(length - _counted))
        {
            throw new RpcException(RpcStatusCode.ResourceExhausted, "What this peer has sent and nobody has taken holds as many bytes as this side allows.");
        }

        _counted = length;
    }
}
