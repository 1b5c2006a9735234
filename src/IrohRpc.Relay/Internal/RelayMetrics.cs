using System.Diagnostics.Metrics;

namespace IrohRpc.Relay.Internal;

/// <summary>What a relay counts, in the meter <c>IrohRpc.Relay</c>.</summary>
internal sealed class RelayMetrics : IDisposable
{
    public const string MeterName = "IrohRpc.Relay";

    private readonly Meter _meter = new(MeterName);
    private readonly UpDownCounter<long> _clients;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _forwardedBytes;
    private readonly Counter<long> _forwarded;
    private readonly Counter<long> _dropped;

    public RelayMetrics()
    {
        _clients = _meter.CreateUpDownCounter<long>("irohrpc.relay.clients", "{client}", "Clients that are connected.");
        _accepted = _meter.CreateCounter<long>("irohrpc.relay.clients.accepted", "{client}", "Clients that were let in.");
        _refused = _meter.CreateCounter<long>("irohrpc.relay.clients.refused", "{client}", "Clients that were turned away.");
        _forwarded = _meter.CreateCounter<long>("irohrpc.relay.messages.forwarded", "{message}", "Datagram messages that were passed on.");
        _forwardedBytes = _meter.CreateCounter<long>("irohrpc.relay.bytes.forwarded", "By", "Bytes of datagram messages that were passed on.");
        _dropped = _meter.CreateCounter<long>("irohrpc.relay.messages.dropped", "{message}", "Datagram messages that were dropped.");
    }

    public void ClientAccepted()
    {
        _clients.Add(1);
        _accepted.Add(1);
    }

    public void ClientLeft() => _clients.Add(-1);

    public void ClientRefused(string why) => _refused.Add(1, new KeyValuePair<string, object?>("reason", why));

    public void Forwarded(int bytes)
    {
        _forwarded.Add(1);
        _forwardedBytes.Add(bytes);
    }

    public void Dropped(int messages, string why) => _dropped.Add(messages, new KeyValuePair<string, object?>("reason", why));

    public void Dispose() => _meter.Dispose();
}
