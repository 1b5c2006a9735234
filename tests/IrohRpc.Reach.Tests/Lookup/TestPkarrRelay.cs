using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Reach.Tests.Lookup;

/// <summary>A pkarr relay that keeps what it is given, without looking at it.</summary>
internal sealed class TestPkarrRelay : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Channel<byte[]> _puts = Channel.CreateUnbounded<byte[]>();

    private TestPkarrRelay(WebApplication application) => _application = application;

    public Uri Url { get; private set; } = null!;

    public ConcurrentDictionary<string, byte[]> Packets { get; } = new();

    /// <summary>What each further request is answered with, in the place of doing what it asks.</summary>
    public int? Status { get; set; }

    public static async Task<TestPkarrRelay> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var relay = new TestPkarrRelay(builder.Build());
        relay._application.MapPut("/pkarr/{id}", (RequestDelegate)relay.PutAsync);
        relay._application.MapGet("/pkarr/{id}", (RequestDelegate)relay.GetAsync);
        await relay._application.StartAsync(TestContext.Current.CancellationToken);
        string address = relay._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        relay.Url = new Uri(address + "/pkarr");
        return relay;
    }

    public Task<byte[]> NextPutAsync() => _puts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    /// <summary>Waits until an endpoint has published an attribute that begins so.</summary>
    public async Task PublishedAsync(string attribute)
    {
        while (!Packets.Values.Any(packet => packet.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(attribute)) >= 0))
        {
            await NextPutAsync();
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task PutAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (Status is { } status)
        {
            context.Response.StatusCode = status;
        }
        else
        {
            Packets[(string)context.Request.RouteValues["id"]!] = body.ToArray();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        _puts.Writer.TryWrite(body.ToArray());
    }

    private async Task GetAsync(HttpContext context)
    {
        if (Packets.TryGetValue((string)context.Request.RouteValues["id"]!, out byte[]? packet))
        {
            await context.Response.Body.WriteAsync(packet);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }
}
