using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Hosting.Tests;

/// <summary>Hosts as programs build them, without their console.</summary>
internal static class TestHost
{
    public static IHost Build(Action<HostApplicationBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Journal>();
        builder.Services.AddScoped<Workpiece>();
        configure(builder);
        return builder.Build();
    }

    public static async Task<IHost> StartAsync(Action<HostApplicationBuilder> configure)
    {
        IHost host = Build(configure);
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return host;
        }
        catch
        {
            await DisposeAsync(host);
            throw;
        }
    }

    public static HostedPeerEndpoint Endpoint(this IHost host, string name = "") => host.Services.GetRequiredKeyedService<HostedPeerEndpoint>(name);

    public static Journal Journal(this IHost host) => host.Services.GetRequiredService<Journal>();

    public static ValueTask DisposeAsync(this IHost host) => ((IAsyncDisposable)host).DisposeAsync();
}
