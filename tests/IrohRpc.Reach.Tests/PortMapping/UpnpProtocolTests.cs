using System.Net;
using System.Xml.Linq;
using IrohRpc.Reach.PortMapping;

namespace IrohRpc.Reach.Tests.PortMapping;

/// <summary>UPnP's gateway device with a router of the test's, and with routers that mean harm.</summary>
public sealed class UpnpProtocolTests
{
    private static readonly PortMappingRequest Request = new(4001, null, TimeSpan.FromMinutes(20));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("urn:schemas-upnp-org:service:WANIPConnection:2")]
    [InlineData("urn:schemas-upnp-org:service:WANIPConnection:1")]
    [InlineData("urn:schemas-upnp-org:service:WANPPPConnection:1")]
    public async Task A_port_is_mapped_and_given_back(string type)
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.Description = TestGatewayDevice.Describe(type, "/control");
        using UpnpProtocol upnp = Upnp(device);
        MappedPort mapping = await upnp.MapAsync(Request, Cancel);
        Assert.Equal((IPEndPoint.Parse("11.77.1.2:4001"), TimeSpan.FromMinutes(20)), (mapping.External, mapping.Lifetime));
        await upnp.UnmapAsync(mapping, 4001, Cancel);
        (string Action, string Body)[] actions = [.. device.Actions];
        Assert.Equal(["GetExternalIPAddress", "AddPortMapping", "DeletePortMapping"], actions.Select(static action => action.Action));
        Assert.Equal(
            ["", "4001", "UDP", "4001", "127.0.0.1", "1", "IrohRpc", "1200"],
            XElement.Parse(actions[1].Body).Descendants().Where(static element => element.Name.LocalName.StartsWith("New", StringComparison.Ordinal)).Select(static element => element.Value));
        Assert.Equal(type, XElement.Parse(actions[1].Body).Descendants().Single(static element => element.Name.LocalName == "AddPortMapping").Name.NamespaceName);
    }

    [Fact]
    public async Task Another_port_is_asked_for_where_somebody_has_the_first()
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.Fails = static (action, body) => action == "AddPortMapping" && body.Contains("<NewExternalPort>4001<", StringComparison.Ordinal) ? 718 : null;
        using UpnpProtocol upnp = Upnp(device);
        Assert.NotEqual(4001, (await upnp.MapAsync(Request, Cancel)).External.Port);
    }

    [Fact]
    public async Task A_router_whose_ports_are_all_taken_is_given_up()
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.Fails = static (action, _) => action == "AddPortMapping" ? 718 : null;
        using UpnpProtocol upnp = Upnp(device);
        await Assert.ThrowsAnyAsync<PortMappingException>(() => upnp.MapAsync(Request, Cancel));
        Assert.Equal(4, device.Actions.Count(static action => action.Action == "AddPortMapping"));
    }

    [Fact]
    public async Task A_router_that_maps_for_ever_only_is_asked_for_that()
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.Fails = static (_, body) => body.Contains("<NewLeaseDuration>1200<", StringComparison.Ordinal) ? 725 : null;
        using UpnpProtocol upnp = Upnp(device);
        Assert.Equal(TimeSpan.FromMinutes(20), (await upnp.MapAsync(Request, Cancel)).Lifetime);
        Assert.Contains(device.Actions, static action => action.Body.Contains("<NewLeaseDuration>0<", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GetExternalIPAddress", 501)]
    [InlineData("AddPortMapping", 606)]
    public async Task A_refusal_is_told(string refused, int code)
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.Fails = (action, _) => action == refused ? code : null;
        using UpnpProtocol upnp = Upnp(device);
        PortMappingException error = await Assert.ThrowsAnyAsync<PortMappingException>(() => upnp.MapAsync(Request, Cancel));
        Assert.Contains(code.ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("none")]
    [InlineData("0.0.0.0")]
    [InlineData("fe80::1")]
    public async Task A_router_without_an_outside_address_maps_nothing(string address)
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.OutsideAddress = address;
        using UpnpProtocol upnp = Upnp(device);
        await Assert.ThrowsAnyAsync<PortMappingException>(() => upnp.MapAsync(Request, Cancel));
    }

    [Theory]
    [InlineData("http://11.0.0.1:80/rootDesc.xml")]
    [InlineData("http://router.example/rootDesc.xml")]
    [InlineData("http://localhost:1/rootDesc.xml")]
    [InlineData("https://127.0.0.1:1/rootDesc.xml")]
    [InlineData("file:///etc/passwd")]
    [InlineData("rootDesc.xml")]
    [InlineData("")]
    public void An_answer_that_leads_elsewhere_than_to_the_router_is_passed_over(string location)
        => Assert.Null(SsdpSearch.ReadLocation(TestGatewayDevice.AnswerTo(location), IPAddress.Loopback));

    [Theory]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n")]
    [InlineData("NOTIFY * HTTP/1.1\r\nLOCATION: http://127.0.0.1/\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nST: upnp:rootdevice\r\nLOCATION: http://127.0.0.1/\r\n\r\n")]
    [InlineData("")]
    public void An_answer_to_something_else_is_passed_over(string answer) => Assert.Null(SsdpSearch.ReadLocation(answer, IPAddress.Loopback));

    [Theory]
    [InlineData("http://11.0.0.1/control")]
    [InlineData("//11.0.0.1/control")]
    [InlineData("https://127.0.0.1/control")]
    public void A_description_that_sends_actions_elsewhere_is_refused(string control)
        => Assert.Throws<PortMappingException>(() => UpnpService.Find(
            TestGatewayDevice.Describe("urn:schemas-upnp-org:service:WANIPConnection:1", control), new Uri("http://127.0.0.1/rootDesc.xml"), IPAddress.Loopback));

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<root>")]
    [InlineData("<root/>")]
    [InlineData("<!DOCTYPE r [<!ENTITY a \"aaaa\">]><root>&a;</root>")]
    [InlineData("<!DOCTYPE r SYSTEM \"http://127.0.0.1/r.dtd\"><root/>")]
    public void A_description_that_is_none_is_refused(string description)
        => Assert.Throws<PortMappingException>(() => UpnpService.Find(description, new Uri("http://127.0.0.1/rootDesc.xml"), IPAddress.Loopback));

    [Fact]
    public void A_description_may_be_nested_as_deep_as_it_is_long()
        => Assert.Throws<PortMappingException>(() => UpnpService.Find(
            string.Concat(Enumerable.Repeat("<a>", 9000)) + string.Concat(Enumerable.Repeat("</a>", 9000)), new Uri("http://127.0.0.1/"), IPAddress.Loopback));

    [Fact]
    public async Task A_description_without_end_is_given_up()
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.Description = "<root>" + new string('a', 1_000_000) + "</root>";
        using UpnpProtocol upnp = Upnp(device);
        await Assert.ThrowsAnyAsync<PortMappingException>(() => upnp.MapAsync(Request, Cancel).Soon());
        Assert.Empty(device.Actions);
    }

    [Fact]
    public async Task A_router_that_answers_no_search_is_given_up()
    {
        await using TestGatewayDevice device = await TestGatewayDevice.StartAsync();
        device.SearchAnswer = null;
        using UpnpProtocol upnp = Upnp(device);
        await Assert.ThrowsAnyAsync<PortMappingException>(() => upnp.MapAsync(Request, Cancel).Soon());
    }

    private static UpnpProtocol Upnp(TestGatewayDevice device) => new(TestRouter.Gateway, device.SearchPort, TimeProvider.System);
}
