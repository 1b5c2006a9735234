using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace IrohRpc.Reach.Relay;

/// <summary>What the meter <c>IrohRpc</c> says of an endpoint's sessions with relays. Measured when somebody listens.</summary>
internal static class RelaySessionMetrics
{
    private static readonly ConcurrentDictionary<RelayUse, bool> Live = new();
    private static readonly Meter Meter = new("IrohRpc");
    private static readonly Counter<long> Connects = Meter.CreateCounter<long>("irohrpc.relay.session.connects", "{connect}", "Times that a session with a relay was connected.");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>("irohrpc.relay.session.failures", "{failure}", "Times that a relay could not be reached, or a session with it was lost.");
    private static readonly Counter<long> Io = Meter.CreateCounter<long>("irohrpc.relay.session.io", "By", "Bytes of datagrams that went through relays.");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>("irohrpc.relay.session.dropped", "{message}", "Messages to relays that were dropped, because too many waited.");

    static RelaySessionMetrics()
        => Meter.CreateObservableUpDownCounter("irohrpc.relay.sessions", Observe, "{session}", "Sessions with relays that there are, by role and state.");

    public static void Add(RelayUse use) => Live.TryAdd(use, true);

    public static void Remove(RelayUse use) => Live.TryRemove(use, out _);

    public static void Connected(RelayUse use) => Count(Connects, use);

    public static void Failed(RelayUse use) => Count(Failures, use);

    public static void Sent(int bytes, bool isQueued)
    {
        if (!isQueued)
        {
            Dropped.Add(1);
        }
        else if (Io.Enabled)
        {
            Io.Add(bytes, new KeyValuePair<string, object?>("network.io.direction", "transmit"));
        }
    }

    public static void Received(int bytes)
    {
        if (Io.Enabled)
        {
            Io.Add(bytes, new KeyValuePair<string, object?>("network.io.direction", "receive"));
        }
    }

    private static void Count(Counter<long> counter, RelayUse use)
    {
        if (counter.Enabled)
        {
            counter.Add(1, new KeyValuePair<string, object?>("irohrpc.relay.role", RoleOf(use)));
        }
    }

    // Peers name the other relays, and their names would make as many time series as there are peers.
    private static string RoleOf(RelayUse use) => use.IsHome ? "home" : "passing";

    private static IEnumerable<Measurement<long>> Observe()
    {
        var counts = new Dictionary<(string Role, string State), long>();
        foreach (RelayUse use in Live.Keys)
        {
            (string, string) key = (RoleOf(use), use.Session.State switch
            {
                RelaySessionState.Connected => "connected",
                RelaySessionState.Superseded => "superseded",
                RelaySessionState.Closed => "closed",
                _ => "connecting",
            });
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts.Select(static count => new Measurement<long>(
            count.Value,
            new KeyValuePair<string, object?>("irohrpc.relay.role", count.Key.Role),
            new KeyValuePair<string, object?>("irohrpc.relay.state", count.Key.State)));
    }
}
