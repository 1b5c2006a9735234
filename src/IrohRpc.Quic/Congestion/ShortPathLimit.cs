using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// Bounds what is in flight on a path of less than a millisecond to twice what the path holds. Such a path loses nothing, so that a congestion window grows until the receiver's windows
/// stop it; all that is in flight beyond the path's own capacity lies in the receiver's socket, and what comes later, small calls among it, waits behind it.
/// A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct ShortPathLimit
{
    // Less would leave the receiver idle while the next batch is made: two sends of a full buffer.
    private const long LeastBytes = 128 * 1024;
    private const int Gain = 2;
    private const int Rounds = 8;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    private Rates _rates;
    private int _round;
    private long _acknowledged;
    private TimeSpan _roundStart;

    /// <summary>Starts without a bound.</summary>
    public ShortPathLimit() => Bytes = long.MaxValue;

    /// <summary>How many bytes may be in flight.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes were acknowledged.</summary>
    public void OnAcknowledged(int bytes) => _acknowledged += bytes;

    /// <summary>A round trip is over: everything that was in flight at its beginning was acknowledged.</summary>
    public void OnRound(RttEstimator rtt, TimeSpan now)
    {
        if (!rtt.HasSample || rtt.Min >= Short)
        {
            Bytes = long.MaxValue;
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

        Bytes = Math.Max(LeastBytes, (long)(Gain * highest * rtt.Min.Ticks));
    }

    [System.Runtime.CompilerServices.InlineArray(Rounds)]
    private struct Rates
    {
        private double _first;
    }
}
