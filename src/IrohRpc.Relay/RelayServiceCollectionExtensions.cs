using IrohRpc.Relay.Internal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IrohRpc.Relay;

/// <summary>Adds a relay to an application's services.</summary>
public static class RelayServiceCollectionExtensions
{
    /// <summary>Adds a relay; <see cref="RelayEndpointRouteBuilderExtensions.MapRelay"/> gives it its paths.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    public static IServiceCollection AddRelay(this IServiceCollection services, Action<RelayOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RelayHub>();
        services.AddHostedService<RelayLifetime>();
        services.AddHostedService<AddressDiscoveryService>();
        services.AddOptions<RelayOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return services;
    }
}
