using IrohRpc.Reach.Relay;
using IrohRpc.Relay;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace IrohRpc.Telemetry.Tests;

/// <summary>What is told of relays: at the endpoints that use one, and at the one that the program runs.</summary>
[Collection("telemetry")]
public sealed class RelayMetricsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Endpoints_tell_of_their_sessions_and_a_relay_of_its_clients()
    {
        var exported = new List<MetricSnapshot>();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(exported).Build();
        await using RelayServer relay = await RelayServer.StartAsync(cancellationToken: Token);
        await using PeerEndpoint server = await BindAsync(relay);
        await using Router router = await server.Route().Map<IProbe>(new Probe()).StartAsync(Token);
        await using PeerEndpoint client = await BindAsync(relay);
        await server.WaitOnlineAsync(Token);
        await client.WaitOnlineAsync(Token);
        Assert.Equal(new HomeRelayStatus(relay.Url, true), server.HomeRelay);
        await client.Connect<IProbe>(new EndpointAddress(server.Id, server.Address.Addresses.Where(static address => address.RelayUrl is not null))).EchoAsync("x", Token);

        provider.ForceFlush();
        Assert.Equal(2, Sum(exported, "irohrpc.relay.sessions", ("irohrpc.relay.role", "home"), ("irohrpc.relay.state", "connected")));
        Assert.Equal(2, Sum(exported, "irohrpc.relay.session.connects", ("irohrpc.relay.role", "home")));
        Assert.True(Sum(exported, "irohrpc.relay.session.io", ("network.io.direction", "transmit")) > 0);
        Assert.True(Sum(exported, "irohrpc.relay.session.io", ("network.io.direction", "receive")) > 0);
        Assert.Equal(2, Sum(exported, "irohrpc.relay.clients"));
        Assert.True(Sum(exported, "irohrpc.relay.bytes.forwarded") > 0);
    }

    [Fact]
    public async Task A_relay_that_does_not_answer_is_counted_as_a_failure()
    {
        var exported = new List<MetricSnapshot>();
        using MeterProvider provider = Sdk.CreateMeterProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(exported).Build();
        RelayServer relay = await RelayServer.StartAsync(cancellationToken: Token);
        await relay.DisposeAsync();
        await using PeerEndpoint endpoint = await BindAsync(relay);
        Assert.Equal(false, endpoint.HomeRelay?.IsConnected);
        do
        {
            await Task.Yield();
            exported.Clear();
            provider.ForceFlush();
        }
        while (Sum(exported, "irohrpc.relay.session.failures", ("irohrpc.relay.role", "home")) == 0);
    }

    private static ValueTask<PeerEndpoint> BindAsync(RelayServer relay)
        => PeerEndpoint.BindAsync(new PeerEndpointOptions { Relays = [new RelayConfig(relay.Url)] }, Token);

    private static long Sum(List<MetricSnapshot> exported, string name, params (string Key, string Value)[] tags)
    {
        long sum = 0;
        foreach (MetricPoint point in exported.Where(metric => metric.Name == name).SelectMany(static metric => metric.MetricPoints))
        {
            var found = new Dictionary<string, object?>();
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                found[tag.Key] = tag.Value;
            }

            if (tags.All(tag => Equals(found.GetValueOrDefault(tag.Key), tag.Value)))
            {
                sum += point.GetSumLong();
            }
        }

        return sum;
    }
}
