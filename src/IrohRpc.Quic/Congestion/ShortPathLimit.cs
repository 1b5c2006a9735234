using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// Bounds what is in flight on a path of less than a millisecond by what the path holds. Such a path loses nothing, so that a congestion window grows until the receiver's windows
/// stop it; all that is in flight beyond the path's own capacity waits in the receiver's socket, and small calls wait behind it. While streams send that go before others, the
/// bound is narrower still, since bulk then keeps the processors busy that those need, too. A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct ShortPathLimit
{
    // Two sends of a full buffer: with less the receiver is idle while the next one is made.
    private const long LeastBytes = 128 * 1024;
    private const double Gain = 2;

    private const long LeastBytesBesidePreferred = 32 * 1024;
    private const double GainBesidePreferred = 1.25;

    private const int Rounds = 8;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    // Whoever calls that often without a pause is taken to go on.
    private static readonly TimeSpan PreferredTime = TimeSpan.FromMilliseconds(10);

    private Rates _rates;
    private int _round;
    private long _acknowledged;
    private TimeSpan _roundStart;
    private TimeSpan _preferredUntil = TimeSpan.MinValue;
    private long _capacity;
    private bool _isShort;
    private bool _isBesidePreferred;

    /// <summary>Starts without a bound.</summary>
    public ShortPathLimit()
    {
    }

    /// <summary>How many bytes may be in flight.</summary>
    public readonly long Bytes => !_isShort ? long.MaxValue
        : _isBesidePreferred ? Math.Max(LeastBytesBesidePreferred, (long)(GainBesidePreferred * _capacity))
        : Math.Max(LeastBytes, (long)(Gain * _capacity));

    /// <summary>A stream that goes before others has something to send.</summary>
    public void OnPreferred(TimeSpan now)
    {
        _preferredUntil = now + PreferredTime;
        _isBesidePreferred = true;
    }

    /// <summary>Bytes were acknowledged.</summary>
    public void OnAcknowledged(int bytes) => _acknowledged += bytes;

    /// <summary>A round trip is over: everything that was in flight at its beginning was acknowledged.</summary>
    public void OnRound(RttEstimator rtt, TimeSpan now)
    {
        _isBesidePreferred &= now <= _preferredUntil;
        _isShort = rtt.HasSample && rtt.Min < Short;
        if (!_isShort)
        {
            return;
        }

        TimeSpan took = now - _roundStart;
        if (took > TimeSpan.Zero)
        {
            // The path's rate is the highest of the last rounds: in others this side had less to send.
            _rates[_round++ % Rounds] = _acknowledged / (double)took.Ticks;
        }

        _acknowledged = 0;
        _roundStart = now;
        double highest = 0;
        foreach (double rate in _rates)
        {
            highest = Math.Max(highest, rate);
        }

        _capacity = (long)(highest * rtt.Min.Ticks);
    }

    [System.Runtime.CompilerServices.InlineArray(Rounds)]
    private struct Rates
    {
        private double _first;
    }
}
