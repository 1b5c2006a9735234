namespace IrohRpc.Reach.Relay;

/// <summary>
/// Which relay is the home: the one with the shortest way, by the best of its last measurements. Another takes its place when the home does not answer, or
/// when it is nearer by a third, so that two that are equally near do not take turns.
/// </summary>
internal sealed class HomeRelayChoice
{
    // Some minutes of measurements.
    private const int Remembered = 8;

    private readonly Dictionary<string, Queue<TimeSpan?>> _history = [];

    /// <summary>The home; null before the first relay has answered.</summary>
    public string? Home { get; private set; }

    /// <summary>Takes a round of measurements.</summary>
    /// <param name="latencies">How long each relay took to answer; null where it did not.</param>
    /// <returns>Whether the home has changed.</returns>
    public bool Add(IEnumerable<(string Url, TimeSpan? Latency)> latencies)
    {
        string? nearest = null;
        TimeSpan shortest = TimeSpan.MaxValue;
        TimeSpan? ofHome = null;
        foreach ((string url, TimeSpan? latency) in latencies)
        {
            if (!_history.TryGetValue(url, out Queue<TimeSpan?>? history))
            {
                _history.Add(url, history = []);
            }

            history.Enqueue(latency);
            if (history.Count > Remembered)
            {
                history.Dequeue();
            }

            // Who does not answer now is not there, however near it was.
            if (latency is null)
            {
                continue;
            }

            TimeSpan best = history.Min()!.Value;
            ofHome = url == Home ? best : ofHome;
            if (best < shortest)
            {
                (nearest, shortest) = (url, best);
            }
        }

        if (nearest is null || nearest == Home || (ofHome is { } current && shortest > current * 2 / 3))
        {
            return false;
        }

        Home = nearest;
        return true;
    }
}
