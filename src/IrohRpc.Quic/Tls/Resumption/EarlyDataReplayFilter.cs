namespace IrohRpc.Quic.Tls.Resumption;

/// <summary>
/// Sees to it that 0-RTT data is accepted at most once (RFC 8446, sections 8.2 and 8.3): it remembers each ClientHello for as long as its age makes it
/// look fresh, and refuses what is not fresh.
/// </summary>
/// <remarks>
/// A refusal costs the client a round trip and nothing else. Memory is bounded: when it is full, everything is refused. One filter must serve all that
/// share a ticket key; tickets made before the filter are refused, since another may have seen them. Thread-safe.
/// </remarks>
internal sealed class EarlyDataReplayFilter
{
    /// <summary>How many ClientHellos are remembered in one window.</summary>
    public const int Capacity = 16 * 1024;

    /// <summary>How far the age of a ticket, as the client sees it, may be from what the server sees.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _start;
    private HashSet<UInt128> _current = [];
    private HashSet<UInt128> _previous = [];
    private DateTimeOffset _turn;

    /// <summary>Starts with nothing remembered.</summary>
    /// <param name="timeProvider">The clock.</param>
    public EarlyDataReplayFilter(TimeProvider timeProvider)
    {
        _start = timeProvider.GetUtcNow();
        _turn = _start;
    }

    /// <summary>Whether 0-RTT data may be accepted; if so, the same ClientHello is refused from now on.</summary>
    /// <param name="binder">The PSK binder, which is different for each ClientHello; at least 16 bytes.</param>
    /// <param name="issuedAt">When the ticket was made.</param>
    /// <param name="clientAge">How old the client says the ticket is.</param>
    /// <param name="now">The time.</param>
    public bool TryAccept(ReadOnlySpan<byte> binder, DateTimeOffset issuedAt, TimeSpan clientAge, DateTimeOffset now)
    {
        // Ticket times are whole milliseconds.
        if (issuedAt < _start.AddMilliseconds(-1) || (now - issuedAt - clientAge).Duration() > Window)
        {
            return false;
        }

        UInt128 key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(binder);
        lock (_lock)
        {
            Turn(now);
            return _current.Count < Capacity && !_previous.Contains(key) && _current.Add(key);
        }
    }

    // A ClientHello looks fresh for two windows at most, from Window before its time to Window after it. Each set is kept for at least that long.
    private void Turn(DateTimeOffset now)
    {
        TimeSpan life = Window * 2;
        if (now < _turn + life)
        {
            return;
        }

        (_previous, _current) = now < _turn + (life * 2) ? (_current, _previous) : ([], []);
        _current.Clear();
        _turn = now;
    }
}
