using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

/// <summary>
/// How many bytes the path to this side holds: the rate at which bytes of streams arrive, times the round trip. The receiver measures it, since its
/// windows are what may hold the sender up. A mutable struct: it lives in a field of its owner.
/// </summary>
internal struct ReceiveRate
{
    private const int Samples = 8;

    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);

    private Rates _rates;
    private int _next;
    private long _received;
    private TimeSpan _since;

    /// <summary>Takes in how much has arrived by now; a sample is taken once in a round trip.</summary>
    /// <param name="received">Bytes of streams that have arrived in all.</param>
    /// <param name="rtt">The path's round-trip time.</param>
    /// <param name="now">The time.</param>
    /// <param name="product">Bandwidth times round trip, where the result is true.</param>
    /// <returns>Whether there is a new sample.</returns>
    public bool TryUpdate(long received, RttEstimator rtt, TimeSpan now, out long product)
    {
        product = 0;
        TimeSpan took = now - _since;
        if (took < ShortestInterval || took < rtt.Smoothed)
        {
            return false;
        }

        // What a pause left empty says nothing about the path.
        double rate = (received - _received) / took.TotalSeconds;
        _received = received;
        _since = now;
        _rates[_next++ % Samples] = rate;
        double highest = 0;
        foreach (double sample in _rates)
        {
            highest = Math.Max(highest, sample);
        }

        // The shortest round trip is the path's. What is longer is a queue, and windows that grew with it would only make it grow.
        product = (long)(highest * (rtt.HasSample ? rtt.Min : rtt.Smoothed).TotalSeconds);
        return true;
    }

    [System.Runtime.CompilerServices.InlineArray(Samples)]
    private struct Rates
    {
        private double _first;
    }
}
