using IrohRpc;
using IrohRpc.Extensions.Hosting.Internal;
using IrohRpc.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adding peer endpoints to a host.</summary>
public static class PeerEndpointServiceCollectionExtensions
{
    /// <summary>
    /// Adds a peer endpoint that lives with the host: bound before the program's hosted services start, accepting when all have started, drained before they stop, closed
    /// after they have. Asked for again, it is the same endpoint, configured further.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes its options; null leaves them at their defaults.</param>
    /// <returns>Maps services to the endpoint, among others.</returns>
    public static IPeerEndpointBuilder AddPeerEndpoint(this IServiceCollection services, Action<PeerEndpointOptions>? configure = null)
        => services.AddPeerEndpoint(Options.Options.DefaultName, configure);

    /// <summary>The same, for one of several endpoints of a host: <see cref="HostedPeerEndpoint"/> is then a keyed service by that name.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the endpoint and of its options.</param>
    /// <param name="configure">Changes its options; null leaves them at their defaults.</param>
    /// <returns>Maps services to the endpoint, among others.</returns>
    public static IPeerEndpointBuilder AddPeerEndpoint(this IServiceCollection services, string name, Action<PeerEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        EndpointRegistry registry = EndpointRegistry.Of(services);
        if (registry.TryAdd(name, out EndpointRegistration registration))
        {
            services.AddOptions<PeerEndpointOptions>(name).Configure<IServiceProvider>(static (options, provider) =>
            {
                options.LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
                options.TimeProvider = provider.GetService<TimeProvider>() ?? options.TimeProvider;
                options.DrainTimeout = HostedDefaults.DrainTimeout;
            });
            services.AddKeyedSingleton(name, (provider, _) => new HostedPeerEndpoint(registration, provider));
            if (name == Options.Options.DefaultName)
            {
                services.AddSingleton(static provider => provider.GetRequiredKeyedService<HostedPeerEndpoint>(Options.Options.DefaultName));
            }

            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PeerEndpointsService>());
        }

        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        return new PeerEndpointBuilder(registration, services);
    }

    /// <summary>Adds a peer endpoint whose options are read from a configuration section: <see cref="PeerEndpointBuilderExtensions.Bind"/> says how.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <returns>Maps services to the endpoint, among others.</returns>
    public static IPeerEndpointBuilder AddPeerEndpoint(this IServiceCollection services, IConfiguration section)
        => services.AddPeerEndpoint(Options.Options.DefaultName, section);

    /// <inheritdoc cref="AddPeerEndpoint(IServiceCollection, IConfiguration)"/>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the endpoint and of its options.</param>
    /// <param name="section">The section.</param>
    public static IPeerEndpointBuilder AddPeerEndpoint(this IServiceCollection services, string name, IConfiguration section)
        => services.AddPeerEndpoint(name).Bind(section);

    /// <summary>
    /// Adds <see cref="ICallContextAccessor"/>, and has every service of the host's endpoints flow its context (<see cref="ServiceOptions.FlowsCallContext"/>), which costs each call
    /// a context.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns><paramref name="services"/>.</returns>
    public static IServiceCollection AddCallContextAccessor(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<ICallContextAccessor, CallContextAccessor>();
        return services;
    }
}
