using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace IrohRpc.Telemetry.Tests;

/// <summary>What the real SDK of OpenTelemetry gets. The tests run one after the other: sources and meters are those of the process.</summary>
[Collection("telemetry")]
public sealed class TelemetryTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Spans_of_both_peers_are_one_trace(bool onSockets)
    {
        var spans = new List<Activity>();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(spans).Build())
        await using (Peers peers = await Peers.StartAsync(onSockets))
        {
            await peers.Proxy.EchoAsync("x", Token);
            await peers.Proxy.CountAsync(3, Token).ToListAsync(Token);
        }

        foreach (string method in (string[])["IProbe/Echo", "IProbe/Count"])
        {
            Activity client = Assert.Single(spans, span => span.DisplayName == method && span.Kind == ActivityKind.Client);
            Activity server = Assert.Single(spans, span => span.DisplayName == method && span.Kind == ActivityKind.Server);
            Assert.Equal((client.TraceId, client.SpanId), (server.TraceId, server.ParentSpanId));
            foreach (Activity span in (Activity[])[client, server])
            {
                Assert.Equal("irohrpc", span.GetTagItem("rpc.system.name"));
                Assert.Equal(method, span.GetTagItem("rpc.method"));
                Assert.Equal("OK", span.GetTagItem("rpc.status_code"));
                Assert.Null(span.GetTagItem("error.type"));
                Assert.Equal(ActivityStatusCode.Unset, span.Status);
            }
        }
    }

    [Theory]
    [InlineData(RpcStatusCode.NotFound, "NOT_FOUND", false)]
    [InlineData(RpcStatusCode.DataLoss, "DATA_LOSS", true)]
    public async Task Failure_is_an_error_of_the_service_where_it_is_its_fault(RpcStatusCode status, string name, bool isServerError)
    {
        var spans = new List<Activity>();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(spans).Build())
        await using (Peers peers = await Peers.StartAsync())
        {
            await Assert.ThrowsAsync<RpcException>(() => peers.Proxy.FailAsync(status, Token).AsTask());
        }

        Activity client = Assert.Single(spans, span => span.Kind == ActivityKind.Client);
        Activity server = Assert.Single(spans, span => span.Kind == ActivityKind.Server);
        Assert.Equal((name, name, ActivityStatusCode.Error), (client.GetTagItem("rpc.status_code"), client.GetTagItem("error.type"), client.Status));
        Assert.Equal((name, isServerError ? name : null, isServerError ? ActivityStatusCode.Error : ActivityStatusCode.Unset), (server.GetTagItem("rpc.status_code"), server.GetTagItem("error.type"), server.Status));
    }

    [Fact]
    public async Task Retry_is_an_event_of_the_callers_span_and_is_counted()
    {
        var spans = new List<Activity>();
        var metrics = new List<Metric>();
        using (TracerProvider provider = Sdk.CreateTracerProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(spans).Build())
        using (MeterProvider meters = Sdk.CreateMeterProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(metrics).Build())
        await using (Peers peers = await Peers.StartAsync())
        {
            var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var never = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            peers.Service.Again = attempt =>
            {
                entered.TrySetResult();
                return attempt == 1 ? new ValueTask<int>(never.Task) : ValueTask.FromResult(attempt);
            };
            Task<int> call = peers.Proxy.AgainAsync(Token).AsTask();
            await entered.Task.WaitAsync(Bound, Token);
            peers.Network.LoseConnection(PeerChannel.GetConnection(peers.Proxy)!.Connection);
            Assert.Equal(2, await call.WaitAsync(Bound, Token));
            never.SetResult(0);
            meters.ForceFlush();
        }

        Activity client = Assert.Single(spans, span => span.Kind == ActivityKind.Client);
        ActivityEvent retry = Assert.Single(client.Events);
        Assert.Equal("irohrpc.retry", retry.Name);
        Assert.Equal(1, retry.Tags.Single(tag => tag.Key == "irohrpc.retry.attempt").Value);
        Assert.Equal(1, Sum(metrics, "irohrpc.client.retries"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Metrics_tell_of_calls_sizes_connections_and_handshakes(bool onSockets)
    {
        var metrics = new List<Metric>();
        using MeterProvider meters = Sdk.CreateMeterProviderBuilder().AddIrohRpcInstrumentation().AddInMemoryExporter(metrics).Build();
        await using (Peers peers = await Peers.StartAsync(onSockets))
        {
            await peers.Proxy.EchoAsync("hello", Token);
            await peers.Proxy.CountAsync(3, Token).ToListAsync(Token);
            await Assert.ThrowsAsync<RpcException>(() => peers.Proxy.FailAsync(RpcStatusCode.DataLoss, Token).AsTask());
            meters.ForceFlush();
            Assert.True(Sum(metrics, "irohrpc.connections.active", ("irohrpc.transport", onSockets ? "tls" : "memory"), ("irohrpc.path", "direct")) >= 2);
        }

        meters.ForceFlush();
        foreach (string side in (string[])["client", "server"])
        {
            Metric duration = metrics.Last(metric => metric.Name == $"rpc.{side}.call.duration");
            Assert.Equal("s", duration.Unit);
            Assert.Equal(1, Count(metrics, duration.Name, ("rpc.method", "IProbe/Echo"), ("rpc.status_code", "OK"), ("rpc.system.name", "irohrpc")));
            Assert.Equal(1, Count(metrics, duration.Name, ("rpc.method", "IProbe/Count"), ("rpc.status_code", "OK")));
            Assert.Equal(1, Count(metrics, duration.Name, ("rpc.method", "IProbe/Fail"), ("rpc.status_code", "DATA_LOSS"), ("error.type", "DATA_LOSS")));
            Assert.Equal(0, Sum(metrics, $"irohrpc.{side}.active_calls"));
            Assert.True(Count(metrics, $"irohrpc.{side}.request.size", ("rpc.method", "IProbe/Echo")) == 1);
            Assert.True(Count(metrics, $"irohrpc.{side}.response.size", ("rpc.method", "IProbe/Echo")) == 1);
        }

        Assert.True(Count(metrics, "irohrpc.handshake.duration") >= 1);
        Assert.True(Sum(metrics, "irohrpc.connections.opened") >= 2);
    }

    private static long Sum(List<Metric> metrics, string name, params (string Key, object Value)[] tags)
        => Points(metrics, name, tags).Sum(static point => point.GetSumLong());

    private static long Count(List<Metric> metrics, string name, params (string Key, object Value)[] tags)
        => Points(metrics, name, tags).Sum(static point => point.GetHistogramCount());

    private static List<MetricPoint> Points(List<Metric> metrics, string name, (string Key, object Value)[] tags)
    {
        var points = new List<MetricPoint>();
        foreach (ref readonly MetricPoint point in metrics.Last(metric => metric.Name == name).GetMetricPoints())
        {
            var found = new Dictionary<string, object?>();
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                found[tag.Key] = tag.Value;
            }

            if (tags.All(tag => found.TryGetValue(tag.Key, out object? value) && tag.Value.Equals(value)))
            {
                points.Add(point);
            }
        }

        return points;
    }
}
