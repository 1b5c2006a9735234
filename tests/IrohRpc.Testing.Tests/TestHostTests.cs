using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IrohRpc.Testing.Tests;

/// <summary>A program's host on a network in memory.</summary>
public sealed class TestHostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Host_of_a_program_is_called_over_the_network_in_memory()
    {
        await using TestHost app = await TestHost.StartAsync(Program, cancellationToken: Token);
        Assert.Equal("Good day, world", await app.Connect<IGreeter>().HelloAsync("world", cancellation: Token));
        Assert.Equal(app.Services.GetRequiredService<EndpointService>().Endpoint.Id, app.Address.Id);
    }

    [Fact]
    public async Task Services_are_replaced_before_the_host_is_built()
    {
        await using TestHost app = await TestHost.StartAsync(
            testServices => Program(services =>
            {
                services.AddSingleton<IGreeter>(new Greeter("Test"));
                testServices(services);
            }),
            cancellationToken: Token);
        Assert.Equal("Test, world", await app.Connect<IGreeter>().HelloAsync("world", cancellation: Token));
    }

    [Fact]
    public async Task Two_hosts_meet_on_one_network()
    {
        var network = new MemoryNetwork();
        await using TestHost one = await TestHost.StartAsync(Program, network, Token);
        await using TestHost other = await TestHost.StartAsync(Program, network, Token);
        PeerEndpoint endpoint = one.Services.GetRequiredService<EndpointService>().Endpoint;
        Assert.Equal("Good day, other", await endpoint.Connect<IGreeter>(other.Address).HelloAsync("other", cancellation: Token));
    }

    [Fact]
    public async Task Stopped_host_serves_no_more()
    {
        await using TestHost app = await TestHost.StartAsync(Program, cancellationToken: Token);
        await app.StopAsync(Token);
        await Assert.ThrowsAsync<RpcException>(
            () => app.Connect<IGreeter>(new ClientOptions { Timeout = TimeSpan.FromSeconds(5) }).HelloAsync("world", cancellation: Token).AsTask());
    }

    [Fact]
    public async Task Host_without_an_endpoint_says_so()
    {
        await using TestHost app = await TestHost.StartAsync(_ => Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder().Build(), cancellationToken: Token);
        Assert.Contains("0 peer endpoints", Assert.Throws<InvalidOperationException>(() => app.Address).Message, StringComparison.Ordinal);
    }

    private static IHost Program(Action<IServiceCollection> testServices)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddOptions<PeerEndpointOptions>();
        builder.Services.AddSingleton<IGreeter>(new Greeter("Good day"));
        builder.Services.AddSingleton<EndpointService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EndpointService>());
        testServices(builder.Services);
        return builder.Build();
    }

    /// <summary>A program's own service that binds an endpoint by the host's options.</summary>
    private sealed class EndpointService(IOptions<PeerEndpointOptions> options, IGreeter greeter) : IHostedService
    {
        private Router? _router;

        public PeerEndpoint Endpoint { get; private set; } = null!;

        public async Task StartAsync(CancellationToken cancellationToken)
        {
            Endpoint = await PeerEndpoint.BindAsync(options.Value, cancellationToken);
            _router = await Endpoint.Route().Map(greeter).StartAsync(cancellationToken);
        }

        public async Task StopAsync(CancellationToken cancellationToken)
        {
            await _router!.ShutdownAsync(cancellationToken);
            await Endpoint.DisposeAsync();
        }
    }
}
