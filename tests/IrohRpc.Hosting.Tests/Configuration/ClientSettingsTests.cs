using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IrohRpc.Hosting.Tests;

/// <summary>Clients from configuration sections.</summary>
public sealed class ClientSettingsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_section_names_the_peer_and_how_it_is_called()
    {
        await using Served served = await Served.StartAsync("memory", PeerServiceLifetime.Call);
        await using var caller = new RunningHost(await TestHost.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Peers:Bench:Peer"] = $"  {served.Host.Endpoint().Endpoint.Ticket}\n",
                ["Peers:Bench:KeepConnected"] = "true",
                ["Peers:Bench:Calls:Timeout"] = "00:00:00.05",
            });
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(builder.Configuration.GetSection("Peers:Bench"));
        }));
        IBench bench = caller.Host.Services.GetRequiredService<IBench>();
        RpcException late = await Assert.ThrowsAsync<RpcException>(async () => await bench.WaitAsync(Cancel));
        Assert.Equal(RpcStatusCode.DeadlineExceeded, late.StatusCode);
    }

    [Theory]
    [InlineData("Peers:Bench:Peer", "endpointxyz!", "'Peers:Bench:Peer' cannot be read: What follows 'endpoint'")]
    [InlineData("Peers:Bench:IdleTimeout", "00:00:01", "'Peers:Bench:Peer' is missing: the ticket or the id of the peer that IBench#1 calls")]
    [InlineData("Peers:Bench:Calls:Patience", "7", "'Peers:Bench:Calls:Patience' is not known")]
    public async Task A_wrong_section_keeps_the_host_from_starting_and_names_its_key(string key, string value, string expected)
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { [key] = value });
            TestTransport.Create("memory").AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(builder.Configuration.GetSection("Peers:Bench"));
        }));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_of_an_endpoint_that_was_not_added_keeps_the_host_from_starting()
    {
        OptionsValidationException failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(builder =>
        {
            TestTransport.Create("memory").AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(options =>
            {
                options.Peer = SecretKey.Generate().Id;
                options.EndpointName = "other";
            });
        }));
        Assert.Contains("the endpoint \"other\", which was not added", failure.Message, StringComparison.Ordinal);
    }
}
