using IrohRpc.Reach.Relay;
using IrohRpc.Relay;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Hosting.Tests;

/// <summary>What health checks say of endpoints and peers, from before the start to after the stop.</summary>
public sealed class HealthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_is_ready_while_it_takes_calls_and_not_while_it_drains()
    {
        TestTransport transport = TestTransport.Create("memory");
        IHost host = TestHost.Build(builder =>
        {
            transport.AddEndpoint(builder.Services).MapService<IBench, Bench>();
            builder.Services.AddHealthChecks().AddPeerEndpoint();
        });
        await using var running = new RunningHost(host);
        Assert.Equal((HealthStatus.Unhealthy, "The peer endpoint is not bound."), await CheckAsync(host, "peer endpoint"));
        await host.StartAsync(Cancel);
        Assert.Equal((HealthStatus.Healthy, "The peer endpoint takes calls."), await CheckAsync(host, "peer endpoint"));

        await using PeerEndpoint client = await PeerEndpoint.BindAsync(transport.Options(), Cancel);
        Task call = client.Connect<IBench>(host.Endpoint().Endpoint.Ticket).WaitAsync(Cancel).AsTask();
        await host.Journal().WaitForAsync("waiting");
        ConnectedPeer peer = Assert.Single(host.Endpoint().GetConnectedPeers());
        Assert.Equal((client.Id, 1, 1), (peer.Id, peer.Connections.Count, peer.CallsInProgress));

        Task stop = host.StopAsync(Cancel);
        while (host.Endpoint().State == HostedEndpointState.Accepting)
        {
            await Task.Yield();
        }

        Assert.Equal((HealthStatus.Unhealthy, "The peer endpoint drains: the host is stopping."), await CheckAsync(host, "peer endpoint"));
        host.Journal().Gate.Release();
        await call;
        await stop;
        Assert.Equal((HealthStatus.Unhealthy, "The peer endpoint is closed."), await CheckAsync(host, "peer endpoint"));
    }

    [Fact]
    public async Task A_transport_that_does_not_work_here_degrades_the_endpoint()
    {
        await using var host = new RunningHost(await TestHost.StartAsync(builder =>
        {
            builder.Services.AddPeerEndpoint(options => options.Transports = [QuicTransportOf("memory"), new Broken()]).MapService<IBench, Bench>();
            builder.Services.AddHealthChecks().AddPeerEndpoint();
        }));
        (HealthStatus status, string? description) = await CheckAsync(host.Host, "peer endpoint");
        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains("not over broken", description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_relay_is_named_and_degrades_the_endpoint_while_it_is_away()
    {
        RelayServer relay = await RelayServer.StartAsync(cancellationToken: Cancel);
        await using var host = new RunningHost(await TestHost.StartAsync(builder =>
        {
            builder.Services.AddPeerEndpoint(options => options.Relays = [new RelayConfig(relay.Url)]).MapService<IBench, Bench>();
            builder.Services.AddHealthChecks().AddPeerEndpoint();
        }));
        await host.Host.Endpoint().Endpoint.WaitOnlineAsync(Cancel);
        HealthReportEntry entry = await ReportAsync(host.Host, "peer endpoint");
        Assert.Equal((HealthStatus.Healthy, relay.Url.ToString(), true), (entry.Status, entry.Data["home relay"], entry.Data["home relay connected"]));

        await relay.DisposeAsync();
        while (entry.Status == HealthStatus.Healthy)
        {
            // The end of the session is noticed a moment after the relay has gone.
            await Task.Yield();
            entry = await ReportAsync(host.Host, "peer endpoint");
        }

        Assert.Equal(HealthStatus.Degraded, entry.Status);
        Assert.Contains($"not through a relay: {relay.Url} is not connected", entry.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_relay_of_the_program_is_healthy_while_it_takes_clients()
    {
        await using var host = new RunningHost(await TestHost.StartAsync(static builder =>
        {
            builder.Services.AddRelay(static options => options.MaxClients = 1);
            builder.Services.AddHealthChecks().AddRelay();
        }));
        Assert.Equal((HealthStatus.Healthy, "The relay has 0 clients."), await CheckAsync(host.Host, "relay"));
    }

    [Theory]
    [InlineData("memory"), InlineData("quic"), InlineData("tls")]
    public async Task A_peer_by_name_is_healthy_while_it_can_be_reached(string transport)
    {
        Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        await using var caller = new RunningHost(await TestHost.StartAsync(builder =>
        {
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddKeyedPeerClient<IBench>("north", served.Host.Endpoint().Endpoint.Ticket);
            builder.Services.AddHealthChecks().AddPeer<IBench>("bench of the north", "north", HealthStatus.Degraded);
        }));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(caller.Host, "bench of the north")).Status);
        EndpointId id = served.Host.Endpoint().Endpoint.Id;
        await served.DisposeAsync();
        (HealthStatus status, string? description) = (HealthStatus.Healthy, null);
        while (status == HealthStatus.Healthy)
        {
            // The connection's end is noticed a moment after the peer has gone.
            await Task.Yield();
            (status, description) = await CheckAsync(caller.Host, "bench of the north");
        }

        Assert.Equal(HealthStatus.Degraded, status);
        Assert.Contains(id.ToShortString(), description, StringComparison.Ordinal);
    }

    private static IrohRpc.Transports.ITransport QuicTransportOf(string name) => TestTransport.Create(name).Options().Transports[0];

    private static async Task<(HealthStatus Status, string? Description)> CheckAsync(IHost host, string name)
    {
        HealthReportEntry entry = await ReportAsync(host, name);
        return (entry.Status, entry.Description);
    }

    private static async Task<HealthReportEntry> ReportAsync(IHost host, string name)
    {
        HealthReport report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(registration => registration.Name == name, Cancel);
        return report.Entries[name];
    }
}
