using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IrohRpc.Hosting.Tests;

/// <summary>Interceptors that the container makes, of an endpoint, of its services, of one contract and of a client.</summary>
public sealed class ContainerInterceptorTests
{
    public static TheoryData<string> Transports => ["memory", "quic", "tls"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Transports))]
    public async Task Those_of_the_endpoint_come_before_those_of_its_services_and_these_before_those_of_a_contract(string transport)
    {
        await using PlacedHost placed = await PlacedHost.StartAsync(transport, (services, endpoint) =>
        {
            services.AddSingleton<OfServices>().AddSingleton<OfContract>();
            endpoint.AddInterceptor<OfEndpoint>()
                .ConfigureServices(static (options, provider) => options.Interceptors.Add<OfServices>(provider))
                .MapService<IBench, Bench>(static (options, provider) => options.Interceptors.Add<OfContract>(provider));
        });
        await placed.Bench.HelloAsync("world", Cancel);
        Assert.Equal(["endpoint handles HelloAsync", "services handles HelloAsync", "contract handles HelloAsync"], placed.Journal.Written.Take(3));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task Those_of_the_endpoint_see_the_calls_of_injected_clients_and_a_client_has_its_own(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        using IHost caller = await TestHost.StartAsync(builder =>
        {
            served.Transport.AddEndpoint(builder.Services).AddInterceptor<OfEndpoint>();
            builder.Services.AddPeerClient<IBench>(served.Host.Endpoint().Endpoint.Ticket).AddInterceptor<OfClient>();
            builder.Services.AddKeyedPeerClient<IBench>("plain", served.Host.Endpoint().Endpoint.Ticket);
        });
        await caller.Services.GetRequiredService<IBench>().HelloAsync("world", Cancel);
        await caller.Services.GetRequiredKeyedService<IBench>("plain").InstanceAsync(Cancel);
        Assert.Equal(["endpoint calls HelloAsync", "client calls HelloAsync", "endpoint calls InstanceAsync"], caller.Journal().Written);
        await caller.StopAsync(Cancel);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_scoped_one_shares_the_scope_of_its_call_with_the_service(string transport)
    {
        await using PlacedHost placed = await PlacedHost.StartAsync(transport, static (services, endpoint) =>
        {
            services.AddScoped<InScope>();
            endpoint.AddInterceptor<InScope>().MapService<IBench, Bench>();
        });
        int first = await placed.Bench.InstanceAsync(Cancel);
        await placed.Journal.WaitForAsync($"workpiece {first} disposed");
        Assert.Contains($"intercepted with {first}", placed.Journal.Written);
        Assert.NotEqual(first, await placed.Bench.InstanceAsync(Cancel));
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task The_scope_of_a_call_that_was_turned_away_ends_with_it(string transport)
    {
        await using PlacedHost placed = await PlacedHost.StartAsync(transport, static (services, endpoint) =>
        {
            services.AddScoped<InScope>();
            endpoint.AddInterceptor<InScope>().MapService<IBench, Bench>();
        });
        RpcException denied = await Assert.ThrowsAsync<RpcException>(() => placed.Bench.HelloAsync("stranger", Cancel).AsTask());
        Assert.Equal(RpcStatusCode.PermissionDenied, denied.StatusCode);
        string intercepted = placed.Journal.Written.Single(line => line.StartsWith("intercepted", StringComparison.Ordinal));
        await placed.Journal.WaitForAsync($"workpiece {intercepted.Split(' ')[^1]} disposed");
        Assert.DoesNotContain(placed.Journal.Written, static line => line.StartsWith("service", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_scoped_one_has_a_scope_for_each_call_also_where_the_service_lives_longer()
    {
        await using PlacedHost placed = await PlacedHost.StartAsync("memory", static (services, endpoint) =>
        {
            services.AddScoped<InScope>();
            endpoint.AddInterceptor<InScope>().MapService<IBench, Bench>(PeerServiceLifetime.Connection);
        });
        int service = await placed.Bench.InstanceAsync(Cancel);
        Assert.Equal(service, await placed.Bench.InstanceAsync(Cancel));
        string[] intercepted = [.. placed.Journal.Written.Where(static line => line.StartsWith("intercepted", StringComparison.Ordinal))];
        Assert.Equal(2, intercepted.Distinct().Count());
        Assert.DoesNotContain($"intercepted with {service}", intercepted);
        Assert.DoesNotContain($"workpiece {service} disposed", placed.Journal.Written);
    }

    [Fact]
    public async Task A_scoped_one_of_a_client_has_a_scope_for_each_call()
    {
        await using Served served = await Served.StartAsync("memory", PeerServiceLifetime.Call);
        using IHost caller = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddScoped<InScope>();
            served.Transport.AddEndpoint(builder.Services);
            builder.Services.AddPeerClient<IBench>(served.Host.Endpoint().Endpoint.Ticket).AddInterceptor<InScope>();
        });
        IBench bench = caller.Services.GetRequiredService<IBench>();
        await bench.HelloAsync("world", Cancel);
        await bench.HelloAsync("world", Cancel);
        string[] called = [.. caller.Journal().Written.Where(static line => line.StartsWith("called", StringComparison.Ordinal))];
        Assert.Equal(2, called.Distinct().Count());
        await caller.Journal().WaitForAsync($"workpiece {called[1].Split(' ')[^1]} disposed");
        await caller.StopAsync(Cancel);
    }

    [Fact]
    public async Task One_that_the_container_cannot_make_keeps_the_host_from_starting()
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(static builder =>
            TestTransport.Create("memory").AddEndpoint(builder.Services).AddInterceptor<NeedsMore>().MapService<IBench, Bench>()));
        Assert.Contains("NeedsMore needs Uri (address), which is not registered.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_singleton_that_would_keep_something_scoped_keeps_the_host_from_starting()
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(static builder =>
            TestTransport.Create("memory").AddEndpoint(builder.Services).AddInterceptor<InScope>().MapService<IBench, Bench>()));
        Assert.Contains("InScope lives as long as the host and would keep one Workpiece", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scoped_one_in_a_stage_that_is_not_its_own_fails_its_calls_and_says_why()
    {
        await using PlacedHost placed = await PlacedHost.StartAsync("memory", static (services, endpoint) =>
        {
            services.AddScoped<Admits>();
            endpoint.ConfigureServices(static (options, _) => options.ExposeExceptionDetails = true).AddInterceptor<Admits>().MapService<IBench, Bench>();
        });
        RpcException failure = await Assert.ThrowsAsync<RpcException>(() => placed.Bench.InstanceAsync(Cancel).AsTask());
        Assert.Contains("Admits belongs to the stage Admission and was added to the stage Invocation", failure.Message, StringComparison.Ordinal);

        await using PlacedHost right = await PlacedHost.StartAsync("memory", static (services, endpoint) =>
        {
            services.AddScoped<Admits>();
            endpoint.AddInterceptor<Admits>(InterceptorStage.Admission).MapService<IBench, Bench>();
        });
        await right.Bench.InstanceAsync(Cancel);
    }

    private sealed class Admits : RpcInterceptor
    {
        public override InterceptorStage Stage => InterceptorStage.Admission;
    }

    private sealed class NeedsMore(Uri address) : RpcInterceptor
    {
        public override InterceptorStage Stage => address.IsAbsoluteUri ? InterceptorStage.Admission : InterceptorStage.Observation;
    }

    private sealed class PlacedHost(IHost host, PeerEndpoint client) : IAsyncDisposable
    {
        public Journal Journal { get; } = host.Journal();

        public IBench Bench { get; } = client.Connect<IBench>(host.Endpoint().Endpoint.Ticket);

        public static async Task<PlacedHost> StartAsync(string transport, Action<IServiceCollection, IPeerEndpointBuilder> configure)
        {
            TestTransport spoken = TestTransport.Create(transport);
            IHost host = await TestHost.StartAsync(builder => configure(builder.Services, spoken.AddEndpoint(builder.Services)));
            return new PlacedHost(host, await PeerEndpoint.BindAsync(spoken.Options(), Cancel));
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await host.StopAsync();
            await host.DisposeAsync();
        }
    }
}
