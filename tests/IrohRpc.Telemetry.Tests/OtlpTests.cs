using System.Collections.Concurrent;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace IrohRpc.Telemetry.Tests;

/// <summary>What leaves over OTLP, as a receiver gets it that knows the protocol's bytes and nothing of the SDK.</summary>
[Collection("telemetry")]
public sealed class OtlpTests
{
    [Fact]
    public async Task Receiver_gets_spans_and_metrics_in_protobuf()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        var received = new ConcurrentQueue<(string Path, byte[] Body)>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, token);
            received.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync(token);
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

        using (TracerProvider tracing = Sdk.CreateTracerProviderBuilder().AddIrohRpcInstrumentation().AddOtlpExporter(options => Configure(options, "traces")).Build())
        using (MeterProvider meters = Sdk.CreateMeterProviderBuilder().AddIrohRpcInstrumentation().AddOtlpExporter(options => Configure(options, "metrics")).Build())
        await using (Peers peers = await Peers.StartAsync(onSockets: true))
        {
            await peers.Proxy.EchoAsync("x", token);
            Assert.True(tracing.ForceFlush(30_000));
            Assert.True(meters.ForceFlush(30_000));
        }

        List<string> spans = [.. received.Where(request => request.Path == "/v1/traces").SelectMany(request => Texts(request.Body))];
        Assert.Contains("IProbe/Echo", spans);
        Assert.Contains("rpc.system.name", spans);
        List<string> metrics = [.. received.Where(request => request.Path == "/v1/metrics").SelectMany(request => Texts(request.Body))];
        Assert.Contains("rpc.client.call.duration", metrics);
        Assert.Contains("rpc.server.call.duration", metrics);
        Assert.Contains("irohrpc.connections.active", metrics);

        void Configure(OtlpExporterOptions options, string signal)
        {
            options.Protocol = OtlpExportProtocol.HttpProtobuf;
            options.Endpoint = new Uri($"{address}/v1/{signal}");
        }
    }

    // All strings among the fields, at any depth: a field of bytes is a string, a message, or neither.
    private static List<string> Texts(byte[] message)
    {
        var texts = new List<string>();
        Read(message, texts);
        return texts;
    }

    private static bool Read(byte[] message, List<string> texts)
    {
        var found = new List<string>();
        try
        {
            var reader = new CodedInputStream(message);
            uint tag;
            while ((tag = reader.ReadTag()) != 0)
            {
                if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
                {
                    byte[] field = reader.ReadBytes().ToByteArray();
                    if (field.Length > 0)
                    {
                        found.Add(Encoding.UTF8.GetString(field));
                        Read(field, found);
                    }
                }
                else
                {
                    reader.SkipLastField();
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }

        texts.AddRange(found);
        return true;
    }
}
