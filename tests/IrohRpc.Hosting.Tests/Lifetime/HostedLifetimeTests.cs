using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Hosting.Tests;

/// <summary>When the endpoint is bound, accepts, drains and closes, as the host starts and stops.</summary>
public sealed class HostedLifetimeTests
{
    public static TheoryData<string> Transports => ["memory", "quic", "tls"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_endpoint_is_bound_before_other_services_start_and_accepts_after_they_have()
    {
        TestTransport transport = TestTransport.Create("memory");
        await using RunningHost host = new(await TestHost.StartAsync(builder =>
        {
            builder.Services.AddHostedService<Witness>();
            transport.AddEndpoint(builder.Services).MapService<IBench, Bench>();
        }));
        await host.Host.StopAsync(Cancel);
        Assert.Equal(["start Bound", "stop Draining"], host.Host.Journal().Written);
        Assert.Equal(HostedEndpointState.Stopped, host.Host.Endpoint().State);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_stop_lets_calls_in_progress_finish_and_sends_callers_away(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        Task call = served.Bench.WaitAsync(Cancel).AsTask();
        await served.Journal.WaitForAsync("waiting");
        Task stop = served.Host.StopAsync(Cancel);
        RpcException turnedAway = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await served.Bench.HelloAsync("x", Cancel);
            }
        });
        Assert.Equal(RpcStatusCode.Unavailable, turnedAway.StatusCode);
        Assert.True(turnedAway.IsNotStarted);
        Assert.False(stop.IsCompleted);
        served.Journal.Gate.Release();
        await call;
        await stop;
        Assert.Equal(HostedEndpointState.Stopped, served.Host.Endpoint().State);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task The_hosts_shutdown_timeout_ends_a_drain(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        Task call = served.Bench.WaitAsync(Cancel).AsTask();
        await served.Journal.WaitForAsync("waiting");
        using var timeout = new CancellationTokenSource();
        Task stop = served.Host.StopAsync(timeout.Token);
        await timeout.CancelAsync();
        RpcException lost = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal(RpcStatusCode.Unavailable, lost.StatusCode);
        served.Journal.Gate.Release();
        try
        {
            await stop;
        }
        catch (OperationCanceledException)
        {
            // The host says that its time was over.
        }
    }

    [Fact]
    public async Task A_start_that_fails_fails_the_host_and_frees_the_port()
    {
        PeerEndpoint taken = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        await using (taken)
        {
            int port = taken.Address.Addresses.First(address => address.Kind == TransportAddressKind.Ip).ToEndPoint()!.Port;
            PeerException failure = await Assert.ThrowsAsync<PeerException>(() => TestHost.StartAsync(builder =>
                builder.Services.AddPeerEndpoint(options => options.ListenOn = [.. ListenAddresses.Loopback(port)]).MapService<IBench, Bench>()));
            Assert.Equal(PeerErrorKind.AddressInUse, failure.Kind);
        }
    }

    [Fact]
    public async Task An_endpoint_that_maps_nothing_only_dials()
    {
        await using RunningHost host = new(await TestHost.StartAsync(builder => TestTransport.Create("memory").AddEndpoint(builder.Services)));
        Assert.Equal(HostedEndpointState.Accepting, host.Host.Endpoint().State);
        Assert.Contains("has no router", Assert.Throws<InvalidOperationException>(() => host.Host.Endpoint().Router).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_start_the_endpoint_says_that_it_is_not_bound()
    {
        IHost host = TestHost.Build(builder => TestTransport.Create("memory").AddEndpoint(builder.Services));
        await using RunningHost disposing = new(host);
        Assert.Contains("is not bound", Assert.Throws<InvalidOperationException>(() => host.Endpoint().Endpoint).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_with_names_serve_beside_each_other()
    {
        TestTransport transport = TestTransport.Create("memory");
        await using RunningHost host = new(await TestHost.StartAsync(builder =>
        {
            transport.AddEndpoint(builder.Services, "inside").MapService<IBench, Bench>();
            transport.AddEndpoint(builder.Services, "outside").MapService<IBench, Bench>();
        }));
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(transport.Options(), Cancel);
        HostedPeerEndpoint inside = host.Host.Endpoint("inside");
        HostedPeerEndpoint outside = host.Host.Endpoint("outside");
        Assert.NotEqual(inside.Endpoint.Id, outside.Endpoint.Id);
        await client.Connect<IBench>(inside.Endpoint.Ticket).HelloAsync("a", Cancel);
        await client.Connect<IBench>(outside.Endpoint.Ticket).HelloAsync("b", Cancel);
        Assert.Null(host.Host.Services.GetService<HostedPeerEndpoint>());
    }

    [Fact]
    public async Task A_host_that_is_disposed_of_without_await_does_not_throw()
    {
        IHost host = await TestHost.StartAsync(builder => TestTransport.Create("memory").AddEndpoint(builder.Services).MapService<IBench, Bench>());
        HostedPeerEndpoint endpoint = host.Endpoint();
        await host.StopAsync(Cancel);
        host.Dispose();
        Assert.Equal(HostedEndpointState.Stopped, endpoint.State);
    }

    private sealed class Witness(HostedPeerEndpoint endpoint, Journal journal) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            journal.Write($"start {endpoint.State}");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            journal.Write($"stop {endpoint.State}");
            return Task.CompletedTask;
        }
    }
}
