namespace IrohRpc.Quic.Congestion;

/// <summary>HyStart++ (RFC 9406): leaves slow start when round trips grow longer, before packets are lost.</summary>
internal struct HyStart
{
    private const int RoundTripDivisor = 8;
    private const int MinSamples = 8;
    private const int ConservativeRounds = 5;

    private static readonly TimeSpan MinThreshold = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan MaxThreshold = TimeSpan.FromMilliseconds(16);

    private TimeSpan _roundStart;
    private TimeSpan _lastMin;
    private TimeSpan _currentMin;
    private TimeSpan _baseline;
    private int _samples;
    private int _conservativeRounds;

    /// <summary>Starts with the first round.</summary>
    public HyStart()
    {
        _roundStart = TimeSpan.MinValue;
        _lastMin = TimeSpan.MaxValue;
        _currentMin = TimeSpan.MaxValue;
    }

    /// <summary>The window grows by one part in so many of what is acknowledged: conservative slow start.</summary>
    public const int GrowthDivisor = 4;

    /// <summary>Whether round trips grew longer, so that the window grows slowly while that is checked.</summary>
    public bool IsConservative { get; private set; }

    /// <summary>Takes in a sample.</summary>
    /// <param name="sentAt">When the packet was sent that gave it.</param>
    /// <param name="sample">The round-trip time.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether slow start is over.</returns>
    public bool OnRoundTrip(TimeSpan sentAt, TimeSpan sample, TimeSpan now)
    {
        bool isOver = false;

        // A round ends when the first packet is acknowledged that was sent after it began.
        if (sentAt >= _roundStart)
        {
            isOver = IsConservative && ++_conservativeRounds >= ConservativeRounds;
            _roundStart = now;
            _lastMin = _currentMin;
            _currentMin = TimeSpan.MaxValue;
            _samples = 0;
        }

        _currentMin = sample < _currentMin ? sample : _currentMin;
        _samples++;
        if (_samples < MinSamples || _lastMin == TimeSpan.MaxValue)
        {
            return isOver;
        }

        if (IsConservative)
        {
            IsConservative = _currentMin >= _baseline;
        }
        else
        {
            TimeSpan threshold = new(Math.Clamp(_lastMin.Ticks / RoundTripDivisor, MinThreshold.Ticks, MaxThreshold.Ticks));
            if (_currentMin >= _lastMin + threshold)
            {
                IsConservative = true;
                _baseline = _currentMin;
                _conservativeRounds = 0;
            }
        }

        return isOver && IsConservative;
    }
}
