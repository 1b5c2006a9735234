using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Hosting.Tests;

/// <summary>A host that serves <see cref="IBench"/>, and a caller beside it.</summary>
internal sealed class Served(IHost host, PeerEndpoint client, TestTransport transport) : IAsyncDisposable
{
    public IHost Host => host;

    public PeerEndpoint Client => client;

    public TestTransport Transport => transport;

    public Journal Journal { get; } = host.Journal();

    public IBench Bench { get; } = client.Connect<IBench>(host.Endpoint().Endpoint.Ticket);

    public static async Task<Served> StartAsync(string transport, PeerServiceLifetime lifetime, Action<IServiceCollection>? configure = null)
    {
        TestTransport spoken = TestTransport.Create(transport);
        IHost host = await TestHost.StartAsync(builder =>
        {
            configure?.Invoke(builder.Services);
            spoken.AddEndpoint(builder.Services).MapService<IBench, Bench>(lifetime);
        });
        return new Served(host, await PeerEndpoint.BindAsync(spoken.Options()), spoken);
    }

    public async ValueTask DisposeAsync()
    {
        Journal.Gate.Release(1000);
        await client.DisposeAsync();
        await host.StopAsync();
        await host.DisposeAsync();
    }
}
