using System.Diagnostics.Metrics;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>What connections over QUIC count, under the meter <c>IrohRpc.Quic</c>.</summary>
internal static class QuicMetrics
{
    private static readonly Meter Meter = new("IrohRpc.Quic");

    private static readonly Counter<long> PathChanges = Meter.CreateCounter<long>(
        "irohrpc.quic.path_changes", "{change}", "How often a connection went over to another path, by what it leads through.");

    /// <summary>A connection has gone over to another path.</summary>
    public static void PathChanged(bool isRelay)
        => PathChanges.Add(1, new KeyValuePair<string, object?>("path", isRelay ? "relay" : "direct"));
}
