using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IrohRpc.Routing.Internal;

/// <summary>What the meter <c>IrohRpc</c> says of connections: how many there are and by which path, how many were made, how long handshakes take. Read when somebody listens.</summary>
internal static class ConnectionMetrics
{
    private static readonly ConcurrentDictionary<PeerConnection, bool> Live = new();
    private static readonly Meter Meter = new("IrohRpc");

    private static readonly Counter<long> Opened = Meter.CreateCounter<long>(
        "irohrpc.connections.opened", "{connection}", "Connections that were made.");

    private static readonly Histogram<double> Handshakes = Meter.CreateHistogram(
        "irohrpc.handshake.duration",
        "s",
        "How long attempts to connect took, those that failed included.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });

    static ConnectionMetrics()
        => Meter.CreateObservableUpDownCounter("irohrpc.connections.active", Observe, "{connection}", "Connections that there are, by transport, path and direction.");

    /// <summary>A connection has been made.</summary>
    public static void Add(PeerConnection connection)
    {
        Live.TryAdd(connection, true);
        if (Opened.Enabled)
        {
            Opened.Add(1, new TagList { { "irohrpc.transport", connection.Transport }, { "irohrpc.direction", DirectionOf(connection) } });
        }
    }

    /// <summary>A connection has ended.</summary>
    public static void Remove(PeerConnection connection) => Live.TryRemove(connection, out _);

    /// <summary>An attempt to connect is over.</summary>
    public static void HandshakeEnded(string transport, TimeSpan took, PeerException? error)
    {
        if (Handshakes.Enabled)
        {
            var tags = new TagList { { "irohrpc.transport", transport } };
            if (error is not null)
            {
                tags.Add("error.type", error.Kind.ToString());
            }

            Handshakes.Record(took.TotalSeconds, tags);
        }
    }

    private static string DirectionOf(PeerConnection connection) => connection.IsDialler ? "dialled" : "accepted";

    private static IEnumerable<Measurement<long>> Observe()
    {
        var counts = new Dictionary<(string Transport, string Path, string Direction), long>();
        foreach (PeerConnection connection in Live.Keys)
        {
            (string, string, string) key = (connection.Transport, PathOf(connection), DirectionOf(connection));
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        return counts.Select(static count => new Measurement<long>(
            count.Value,
            new KeyValuePair<string, object?>("irohrpc.transport", count.Key.Transport),
            new KeyValuePair<string, object?>("irohrpc.path", count.Key.Path),
            new KeyValuePair<string, object?>("irohrpc.direction", count.Key.Direction)));
    }

    // The connection may end meanwhile, and another transport's may throw anything.
    private static string PathOf(PeerConnection connection)
    {
        try
        {
            return connection.Paths.Any(static path => path is { IsSelected: true, IsRelay: true }) ? "relay" : "direct";
        }
        catch (Exception)
        {
            return "unknown";
        }
    }
}
