namespace IrohRpc.Quic.Recovery;

/// <summary>
/// Packet numbers that are left out on purpose, at random and ever more seldom: a peer that acknowledges what it did not receive, to
/// make us send faster than the path allows, hits one of them sooner or later (RFC 9000, section 21.4).
/// </summary>
internal sealed class SkippedNumbers
{
    private const int Remembered = 8;
    private const int FirstInterval = 64;
    private const int LastInterval = 1 << 20;

    private readonly Random _random;
    private long[]? _skipped;
    private int _count;
    private int _interval = FirstInterval;

    /// <summary>Chooses the first number to skip.</summary>
    public SkippedNumbers(Random random)
    {
        _random = random;
        Next = 1 + random.NextInt64(FirstInterval);
    }

    /// <summary>The next number to skip.</summary>
    public long Next { get; private set; }

    /// <summary>Remembers that <see cref="Next"/> was skipped, and chooses another.</summary>
    public void OnSkipped()
    {
        _skipped ??= new long[Remembered];
        _skipped[_count++ % Remembered] = Next;
        _interval = Math.Min(2 * _interval, LastInterval);
        Next += 1 + _random.NextInt64(_interval);
    }

    /// <summary>Whether a range has one of the numbers skipped lately.</summary>
    public bool Intersects(AckRange range)
    {
        for (int i = 0; i < Math.Min(_count, Remembered); i++)
        {
            if (range.Contains(_skipped![i]))
            {
                return true;
            }
        }

        return false;
    }
}
