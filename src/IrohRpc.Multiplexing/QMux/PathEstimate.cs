namespace IrohRpc.Multiplexing.QMux;

/// <summary>
/// How many bytes the path to the peer holds: the bandwidth at which they came, times the shortest round trip. Both are measured with pings, a few
/// times a second and only while bytes come in numbers. A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct PathEstimate
{
    // Less in a row is no bulk transfer, and a wider window would gain it nothing.
    private const long BytesWorthAPing = 64 * 1024;
    private const long BytesWorthTheFirst = 8 * 1024;

    // Where the bandwidth has just become higher by so much, the window was what held it up, and there is no telling yet how much more the path holds.
    private const double StillGrowing = 1.25;
    private const int Samples = 8;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    // Nearer peers have the usual window and more within a round trip, and what is measured there is this machine's load.
    private static readonly TimeSpan ShortestRoundTrip = TimeSpan.FromMilliseconds(2);

    private Rates _rates;
    private int _next;
    private long _received;
    private long _askedSequence;
    private TimeSpan _asked;
    private bool _isAsking;

    /// <summary>Bandwidth times round trip, in bytes; zero where that is little or not known yet.</summary>
    public long Bytes { get; private set; }

    /// <summary>The shortest round trip; null where none was measured.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Whether a ping would tell something new.</summary>
    /// <param name="received">How many bytes have arrived in all.</param>
    /// <param name="now">The time.</param>
    public readonly bool WantsPing(long received, TimeSpan now)
        => !_isAsking && received - _received >= (RoundTrip is null ? BytesWorthTheFirst : BytesWorthAPing)
            && (RoundTrip is null || now - _asked >= Interval);

    /// <summary>A ping leaves.</summary>
    public void Asked(long sequence, long received, TimeSpan now)
    {
        if (!_isAsking)
        {
            _isAsking = true;
            _askedSequence = sequence;
            _received = received;
            _asked = now;
        }
    }

    /// <summary>An answer has come.</summary>
    /// <param name="sequence">To which ping.</param>
    /// <param name="received">How many bytes have arrived in all.</param>
    /// <param name="now">The time.</param>
    public void Answered(long sequence, long received, TimeSpan now)
    {
        TimeSpan took = now - _asked;
        if (!_isAsking || sequence < _askedSequence || took <= TimeSpan.Zero)
        {
            return;
        }

        _isAsking = false;
        RoundTrip = RoundTrip < took ? RoundTrip : took;
        double before = Highest();
        double rate = (received - _received) / took.TotalSeconds;
        _rates[_next++ % Samples] = rate;
        _received = received;
        double growth = before > 0 && rate > StillGrowing * before ? 2 : 1;
        Bytes = RoundTrip < ShortestRoundTrip ? 0 : (long)(growth * Highest() * RoundTrip.Value.TotalSeconds);
    }

    private readonly double Highest()
    {
        double highest = 0;
        foreach (double rate in _rates)
        {
            highest = Math.Max(highest, rate);
        }

        return highest;
    }

    [System.Runtime.CompilerServices.InlineArray(Samples)]
    private struct Rates
    {
        private double _first;
    }
}
