using IrohRpc.Extensions.Hosting.Internal.Settings;
using IrohRpc.Transports;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IrohRpc.Hosting.Tests;

/// <summary>Options from configuration: every key, and what is said of a wrong one.</summary>
public sealed class EndpointSettingsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_option_that_a_text_can_hold_has_a_key_of_its_name()
    {
        AssertCovers<PeerEndpointOptions>(SettingTables.Endpoint.Keys, "SecretKey", "Alpns", "AdmitAddress", "AdmitPeer", "AddressLookups", "AddressLookupFactories", "TimeProvider", "LoggerFactory");
        AssertCovers<ServiceOptions>(SettingTables.ServiceCalls.Keys, "TimeProvider", "LoggerFactory");
        AssertCovers<ClientOptions>(SettingTables.ClientCalls.Keys, "RetryBudget", "TimeProvider", "LoggerFactory");
        AssertCovers<PeerChannelOptions>(SettingTables.Channel.Keys);
        AssertCovers<PeerClientOptions>(SettingTables.Client.Keys);
    }

    [Fact]
    public void A_section_sets_the_options_that_it_names()
    {
        PeerEndpointOptions options = Read(new()
        {
            ["Peer:ListenOn:0"] = "any:4433", ["Peer:ListenOn:1"] = "192.0.2.1:4434", ["Peer:ListenOn:2"] = "[2001:db8::1]:4435",
            ["Peer:Transports"] = "tls, quic",
            ["Peer:DialTimeout"] = "infinite",
            ["Peer:IdleTimeout"] = "00:01:00",
            ["Peer:MaxInboundBidirectionalStreams"] = "12",
            ["Peer:Limits:MaxConnections"] = "34",
        });
        Assert.Equal(4433, options.ListenOn[0].Port);
        Assert.Contains("192.0.2.1:4434", options.ListenOn.Select(address => address.ToString()));
        Assert.Contains("[2001:db8::1]:4435", options.ListenOn.Select(address => address.ToString()));
        Assert.Equal(["tls", "quic"], options.Transports.Select(transport => transport.Name));
        Assert.Equal(Timeout.InfiniteTimeSpan, options.DialTimeout);
        Assert.Equal(TimeSpan.FromMinutes(1), options.IdleTimeout);
        Assert.Equal(12, options.MaxInboundBidirectionalStreams);
        Assert.Equal(34, options.Limits.MaxConnections);
        Assert.Equal(new PeerEndpointOptions().HandshakeTimeout, options.HandshakeTimeout);
    }

    [Theory]
    [InlineData("Peer:DialTimeout", "5", "'Peer:DialTimeout' cannot be read: \"5\" is no duration. Thirty seconds are 00:00:30")]
    [InlineData("Peer:IdleTimeout", "00:00:00.1", "'Peer:IdleTimeout' is out of range")]
    [InlineData("Peer:Limits:MaxConnections", "many", "'Peer:Limits:MaxConnections' cannot be read: \"many\" is no whole number")]
    [InlineData("Peer:Limits:MaxConnections", "0", "'Peer:Limits:MaxConnections' is out of range: MaxConnections is at least one")]
    [InlineData("Peer:ListenOn:0", "everywhere", "'Peer:ListenOn:0' cannot be read: \"everywhere\" is no address")]
    [InlineData("Peer:ListenOn", "any:99999", "'Peer:ListenOn' cannot be read: \"99999\" is no port")]
    [InlineData("Peer:Transports", "carrier pigeon", "There are quic, tls and msquic")]
    [InlineData("Peer:Transports", "tls,tls", "'Peer:Transports' is out of range")]
    [InlineData("Peer:DailTimeout", "00:00:05", "'Peer:DailTimeout' is not known. Known are")]
    [InlineData("Peer:Calls:MessageLimits", "1", "'Peer:Calls:MessageLimits' is not known")]
    [InlineData("Peer:Calls:MessageLimit", "1", "'Peer:Calls:MessageLimit' is out of range")]
    [InlineData("Peer:CreateSecretKeyFile", "maybe", "'Peer:CreateSecretKeyFile' cannot be read")]
    [InlineData("Peer:Limits", "3", "'Peer:Limits' takes keys below it, and has a value")]
    [InlineData("Peer:DialTimeout:Seconds", "3", "'Peer:DialTimeout' takes one value, and has keys below it")]
    public async Task A_wrong_value_keeps_the_host_from_starting_and_names_its_key(string key, string value, string expected)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => TestHost.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [key] = value });
            builder.Services.AddPeerEndpoint(builder.Configuration.GetSection("Peer")).MapService<IBench, Bench>();
        }));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_a_section_are_listed_at_once()
    {
        FormatException failure = Assert.Throws<FormatException>(() => Read(new() { ["Peer:DialTimeout"] = "x", ["Peer:IdleTimeout"] = "y", ["Peer:Z"] = "z" }));
        Assert.Equal(3, failure.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public async Task Limits_of_calls_reach_the_services()
    {
        TestTransport transport = TestTransport.Create("memory");
        await using var host = new RunningHost(await TestHost.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Peer:Calls:MessageLimit"] = "2000" });
            transport.AddEndpoint(builder.Services).Bind(builder.Configuration.GetSection("Peer")).MapService<IBench, Bench>();
        }));
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(transport.Options(), Cancel);
        IBench bench = client.Connect<IBench>(host.Host.Endpoint().Endpoint.Ticket);
        RpcException tooLarge = await Assert.ThrowsAsync<RpcException>(async () => await bench.HelloAsync(new string('x', 3000), Cancel));
        Assert.Equal(RpcStatusCode.ResourceExhausted, tooLarge.StatusCode);
    }

    [Fact]
    public void Code_after_a_section_changes_what_it_says()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Peer:IdleTimeout"] = "00:01:00" });
        builder.Services.AddPeerEndpoint(builder.Configuration.GetSection("Peer"));
        builder.Services.AddPeerEndpoint(options => options.IdleTimeout += TimeSpan.FromSeconds(1));
        using IHost host = builder.Build();
        Assert.Equal(TimeSpan.FromSeconds(61), host.Services.GetRequiredService<IOptionsMonitor<PeerEndpointOptions>>().CurrentValue.IdleTimeout);
    }

    private static PeerEndpointOptions Read(Dictionary<string, string?> settings)
    {
        var options = new PeerEndpointOptions();
        SettingTables.Endpoint.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection("Peer"), options);
        return options;
    }

    private static void AssertCovers<T>(IEnumerable<string> keys, params string[] inCodeOnly)
    {
        string[] settable = [.. typeof(T).GetProperties().Where(property => property.SetMethod?.IsPublic == true || property.Name == "Limits").Select(property => property.Name)];
        Assert.NotEmpty(settable);
        Assert.Equal([], settable.Except(inCodeOnly).Except(keys));
    }
}
