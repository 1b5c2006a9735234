using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Reach.Tests.PortMapping;

/// <summary>A router that speaks UPnP on loopback: it answers searches, describes itself and takes actions.</summary>
internal sealed class TestGatewayDevice : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TestRouter _search;

    private TestGatewayDevice(WebApplication application)
    {
        _application = application;
        _search = new TestRouter(_ => SearchAnswer is { } answer ? Encoding.ASCII.GetBytes(answer) : null);
    }

    public int SearchPort => _search.EndPoint.Port;

    public Uri Url { get; private set; } = null!;

    /// <summary>What a search is answered with.</summary>
    public string? SearchAnswer { get; set; }

    /// <summary>Its description.</summary>
    public string Description { get; set; } = "";

    /// <summary>The actions that came, with their bodies.</summary>
    public ConcurrentQueue<(string Action, string Body)> Actions { get; } = new();

    /// <summary>The error with which an action is answered; null for none.</summary>
    public Func<string, string, int?> Fails { get; set; } = static (_, _) => null;

    /// <summary>What it says its outside address is.</summary>
    public string OutsideAddress { get; set; } = "11.77.1.2";

    public static async Task<TestGatewayDevice> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var device = new TestGatewayDevice(builder.Build());
        device._application.MapGet("/rootDesc.xml", (RequestDelegate)(context => context.Response.WriteAsync(device.Description)));
        device._application.MapPost("/control", (RequestDelegate)device.ControlAsync);
        await device._application.StartAsync(TestContext.Current.CancellationToken);
        device.Url = new Uri(device._application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        device.SearchAnswer = AnswerTo(new Uri(device.Url, "/rootDesc.xml").AbsoluteUri);
        device.Description = Describe("urn:schemas-upnp-org:service:WANIPConnection:1", "/control");
        return device;
    }

    public static string AnswerTo(string location, string target = "urn:schemas-upnp-org:device:InternetGatewayDevice:1")
        => $"HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: {target}\r\nUSN: uuid:1::{target}\r\nEXT:\r\nSERVER: test\r\nLOCATION: {location}\r\n\r\n";

    public static string Describe(string type, string control) => $"""
        <?xml version="1.0"?>
        <root xmlns="urn:schemas-upnp-org:device-1-0"><device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><deviceList><device>
        <serviceList><service><serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType><controlURL>/other</controlURL></service></serviceList>
        <deviceList><device><serviceList><service><serviceType>{type}</serviceType><controlURL>{control}</controlURL></service></serviceList></device></deviceList>
        </device></deviceList></device></root>
        """;

    public async ValueTask DisposeAsync()
    {
        await _search.DisposeAsync();
        await _application.DisposeAsync();
    }

    private async Task ControlAsync(HttpContext context)
    {
        string action = context.Request.Headers["SOAPAction"].ToString().Trim('"').Split('#')[1];
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        Actions.Enqueue((action, body));
        if (Fails(action, body) is { } code)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            await context.Response.WriteAsync(
                "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault><faultstring>UPnPError</faultstring><detail>"
                    + $"<UPnPError xmlns=\"urn:schemas-upnp-org:control-1-0\"><errorCode>{code}</errorCode></UPnPError></detail></s:Fault></s:Body></s:Envelope>");
            return;
        }

        string result = action == "GetExternalIPAddress" ? $"<NewExternalIPAddress>{OutsideAddress}</NewExternalIPAddress>" : "";
        await context.Response.WriteAsync(
            $"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:{action}Response xmlns:u=\"urn:schemas-upnp-org:service:WANIPConnection:1\">"
                + $"{result}</u:{action}Response></s:Body></s:Envelope>");
    }
}
