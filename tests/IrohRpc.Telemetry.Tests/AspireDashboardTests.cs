using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json;
using IrohRpc.Samples.Tests.Programs;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace IrohRpc.Telemetry.Tests;

/// <summary>What leaves over OTLP, as a receiver of somebody else's shows it: Aspire's dashboard, a program of its own.</summary>
[Collection("telemetry")]
public sealed class AspireDashboardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_shows_both_ends_of_a_call_as_one_trace()
    {
        string dashboard = Metadata("Dashboard");
        Assert.SkipUnless(File.Exists(dashboard), $"Aspire's dashboard is not at {dashboard}.");
        await using ChildProcess program = ChildProcess.Start(
            dashboard,
            "--Dashboard:Frontend:EndpointUrls=http://127.0.0.1:0",
            "--Dashboard:Frontend:AuthMode=Unsecured",
            "--Dashboard:Otlp:GrpcEndpointUrl=http://127.0.0.1:0",
            "--Dashboard:Otlp:AuthMode=Unsecured",
            "--Dashboard:Api:Enabled=true",
            "--Dashboard:Api:AuthMode=Unsecured",
            $"--contentRoot={Path.GetDirectoryName(dashboard)}");
        Uri page = Address(await program.Output.LineAsync("Now listening on: "));
        Uri receiver = Address(await program.Output.LineAsync("OTLP/gRPC listening on: "));
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("probe");
        using (TracerProvider tracing = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddIrohRpcInstrumentation().AddOtlpExporter(Configure).Build())
        using (MeterProvider meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddIrohRpcInstrumentation().AddOtlpExporter(Configure).Build())
        await using (Peers peers = await Peers.StartAsync(onSockets: true))
        {
            await peers.Proxy.EchoAsync("x", Token);
            Assert.True(tracing.ForceFlush(30_000));
            Assert.True(meters.ForceFlush(30_000));
        }

        using var client = new HttpClient { BaseAddress = page };
        JsonElement traces = await client.GetFromJsonAsync<JsonElement>("api/telemetry/traces", Token);
        JsonElement[] calls = [.. Spans(traces).Where(static span => span.GetProperty("name").GetString() == "IProbe/Echo")];
        Assert.Equal(2, calls.Length);
        Assert.Single(calls.Select(static span => span.GetProperty("traceId").GetString()).Distinct());
        Assert.Contains(calls, one => calls.Any(other => other.GetProperty("spanId").GetString() == Parent(one)));

        void Configure(OtlpExporterOptions options)
        {
            options.Protocol = OtlpExportProtocol.Grpc;
            options.Endpoint = receiver;
        }
    }

    private static Uri Address(string line) => new(line[line.IndexOf("http", StringComparison.Ordinal)..]);

    private static IEnumerable<JsonElement> Spans(JsonElement traces)
        => traces.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            .SelectMany(static resource => resource.GetProperty("scopeSpans").EnumerateArray())
            .SelectMany(static scope => scope.GetProperty("spans").EnumerateArray());

    private static string? Parent(JsonElement span) => span.TryGetProperty("parentSpanId", out JsonElement parent) ? parent.GetString() : null;

    private static string Metadata(string key) => typeof(AspireDashboardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
