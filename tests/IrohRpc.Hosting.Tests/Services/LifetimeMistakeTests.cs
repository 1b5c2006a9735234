using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IrohRpc.Hosting.Tests;

/// <summary>Registrations that would go wrong with some later call are found at start, in production as well.</summary>
public sealed class LifetimeMistakeTests
{
    [Fact]
    public async Task A_singleton_service_that_keeps_something_scoped() => await AssertRefusedAsync(
        services => services.AddScoped<Orders>(),
        PeerServiceLifetime.Singleton,
        "NeedsOrders lives as long as the host and would keep one Orders, which is registered as scoped, for ever (NeedsOrders -> Orders)");

    [Fact]
    public async Task A_singleton_below_a_service_that_keeps_something_scoped() => await AssertRefusedAsync(
        services => services.AddSingleton<Orders>().AddScoped<Database>(),
        PeerServiceLifetime.Call,
        "Orders lives as long as the host and would keep one Database, which is registered as scoped, for ever (NeedsOrders -> Orders -> Database)");

    [Fact]
    public async Task A_singleton_service_that_keeps_something_scoped_by_way_of_something_transient() => await AssertRefusedAsync(
        services => services.AddTransient<Orders>().AddScoped<Database>(),
        PeerServiceLifetime.Singleton,
        "NeedsOrders lives as long as the host and would keep one Database");

    [Fact]
    public async Task A_dependency_that_is_not_registered() => await AssertRefusedAsync(
        services => services.AddScoped<Orders>(), PeerServiceLifetime.Call, "NeedsOrders -> Orders needs Database (database), which is not registered");

    [Fact]
    public async Task A_service_that_is_registered_as_a_singleton_and_mapped_per_call() => await AssertRefusedAsync(
        services => services.AddSingleton<NeedsOrders>().AddSingleton<Orders>().AddSingleton<Database>(),
        PeerServiceLifetime.Call,
        "NeedsOrders is mapped to serve for one call and is registered as a singleton, so that all calls share it");

    [Fact]
    public async Task A_service_that_is_registered_as_scoped_and_mapped_for_all() => await AssertRefusedAsync(
        services => services.AddScoped<NeedsOrders>().AddSingleton<Orders>().AddSingleton<Database>(),
        PeerServiceLifetime.Singleton,
        "NeedsOrders is mapped to serve for all calls and is registered as scoped");

    [Fact]
    public async Task All_mistakes_are_listed()
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton<NeedsOrders>().AddSingleton<Orders>();
            TestTransport.Create("memory").AddEndpoint(builder.Services).MapService<IBench, NeedsOrders>();
        }));
        Assert.Equal(2, refused.Failures.Count());
    }

    [Fact]
    public async Task What_is_right_starts()
    {
        await using var host = new RunningHost(await TestHost.StartAsync(builder =>
        {
            builder.Services.AddScoped<Orders>().AddScoped<Database>().AddScoped<Fine>().AddKeyedSingleton("blue", new Journal());
            TestTransport.Create("memory").AddEndpoint(builder.Services).MapService<IBench, Fine>();
        }));
    }

    private static async Task AssertRefusedAsync(Action<IServiceCollection> register, PeerServiceLifetime lifetime, string expected)
    {
        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.StartAsync(builder =>
        {
            register(builder.Services);
            TestTransport.Create("memory").AddEndpoint(builder.Services).MapService<IBench, NeedsOrders>(lifetime);
        }));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    public sealed class Database;

    public sealed class Orders(Database database)
    {
        public Database Database => database;
    }

    public class Unanswering : IBench
    {
        public ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<int> InstanceAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<Stream> ContentAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask WaitAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask FailAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<string> WhoAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Note(string text) => throw new NotSupportedException();
    }

    public sealed class NeedsOrders(Orders orders) : Unanswering
    {
        public Orders Orders => orders;
    }

    public sealed class Fine(
        Orders orders,
        ILogger<Fine> logger,
        IOptions<PeerClientOptions> options,
        IServiceProvider services,
        IServiceScopeFactory scopes,
        IEnumerable<IHostedService> hosted,
        [FromKeyedServices("blue")] Journal journal,
        TimeProvider? clock = null) : Unanswering
    {
        public object?[] All => [orders, logger, options, services, scopes, hosted, journal, clock];
    }
}
