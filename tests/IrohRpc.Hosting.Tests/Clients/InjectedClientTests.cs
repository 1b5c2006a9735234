using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Hosting.Tests;

/// <summary>Contracts that are injected as themselves and called by the host's endpoint.</summary>
public sealed class InjectedClientTests
{
    public static TheoryData<string> Transports => ["memory", "quic", "tls"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Transports))]
    public async Task A_contract_is_injected_before_the_endpoint_is_bound_and_called_once_it_is(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        await using var caller = new RunningHost(TestHost.Build(builder =>
        {
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(served.Host.Endpoint().Endpoint.Ticket);
            builder.Services.AddHostedService<Caller>();
        }));
        await caller.Host.StartAsync(Cancel);
        await caller.Host.Journal().WaitForAsync("Hello, host, from 1");
    }

    [Fact]
    public async Task A_call_before_the_host_starts_says_so_and_one_afterwards_succeeds()
    {
        await using Served served = await Served.StartAsync("memory", PeerServiceLifetime.Call);
        await using var caller = new RunningHost(TestHost.Build(builder =>
        {
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(served.Host.Endpoint().Endpoint.Ticket, options => options.Calls.WaitForReady = TimeSpan.FromSeconds(30));
            builder.Services.AddKeyedPeerClient<IBench>("hasty", served.Host.Endpoint().Endpoint.Ticket);
        }));
        IBench hasty = caller.Host.Services.GetRequiredKeyedService<IBench>("hasty");
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await hasty.HelloAsync("x", Cancel));
        Assert.True(failure.IsNotStarted);
        Assert.Contains("the host has not been started", failure.Message, StringComparison.Ordinal);
        Task<string> patient = caller.Host.Services.GetRequiredService<IBench>().HelloAsync("patient", Cancel).AsTask();
        await caller.Host.StartAsync(Cancel);
        Assert.StartsWith("Hello, patient", await patient, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keyed_clients_call_the_peer_of_their_key()
    {
        await using Served north = await Served.StartAsync("tls", PeerServiceLifetime.Call);
        await using Served south = await Served.StartAsync("tls", PeerServiceLifetime.Call, services => services.AddCallContextAccessor());
        await using var caller = new RunningHost(await TestHost.StartAsync(builder =>
        {
            north.Transport.AddEndpoint(builder.Services);
            builder.Services.AddKeyedPeerClient<IBench>("north", north.Host.Endpoint().Endpoint.Ticket);
            builder.Services.AddKeyedPeerClient<IBench>("south", south.Host.Endpoint().Endpoint.Ticket);
        }));
        Assert.Equal("nobody", await caller.Host.Services.GetRequiredKeyedService<IBench>("north").WhoAsync(Cancel));
        Assert.Equal(caller.Host.Endpoint().Endpoint.Id.ToString(), await caller.Host.Services.GetRequiredKeyedService<IBench>("south").WhoAsync(Cancel));
    }

    [Fact]
    public async Task Options_reach_the_client()
    {
        await using Served served = await Served.StartAsync("memory", PeerServiceLifetime.Call);
        await using var caller = new RunningHost(await TestHost.StartAsync(builder =>
        {
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(served.Host.Endpoint().Endpoint.Ticket, options => options.Calls.Timeout = TimeSpan.FromMilliseconds(50));
        }));
        RpcException late = await Assert.ThrowsAsync<RpcException>(async () => await caller.Host.Services.GetRequiredService<IBench>().WaitAsync(Cancel));
        Assert.Equal(RpcStatusCode.DeadlineExceeded, late.StatusCode);
    }

    [Fact]
    public async Task Clients_end_with_the_container()
    {
        await using Served served = await Served.StartAsync("memory", PeerServiceLifetime.Call);
        IBench bench;
        await using (var caller = new RunningHost(await TestHost.StartAsync(builder =>
        {
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(served.Host.Endpoint().Endpoint.Ticket);
        })))
        {
            bench = caller.Host.Services.GetRequiredService<IBench>();
            await bench.HelloAsync("x", Cancel);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await bench.HelloAsync("x", Cancel));
    }

    [Fact]
    public async Task A_client_without_an_endpoint_says_what_to_add()
    {
        await using var host = new RunningHost(TestHost.Build(builder => builder.Services.AddPeerClient<IBench>(SecretKey.Generate().Id)));
        InvalidOperationException mistake = Assert.Throws<InvalidOperationException>(() => host.Host.Services.GetRequiredService<IBench>());
        Assert.Contains("AddPeerEndpoint", mistake.Message, StringComparison.Ordinal);
    }

    private sealed class Caller(IBench bench, Journal journal) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken) => journal.Write(await bench.HelloAsync("host", stoppingToken));
    }
}
