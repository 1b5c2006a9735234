using System.Diagnostics.CodeAnalysis;
using IrohRpc;
using IrohRpc.CompilerServices;
using IrohRpc.Extensions.Hosting.Internal;
using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configuring a peer endpoint of a host.</summary>
public static class PeerEndpointBuilderExtensions
{
    /// <summary>
    /// Serves a contract with an object of the container, under all ALPNs of the contract. The order of mapping is the order of preference when a peer offers several ALPNs.
    /// </summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <typeparam name="TService">What serves it. It is registered with the lifetime that fits, unless it is registered already.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="lifetime">For how long an object lives. Default for one call, in a scope of its own.</param>
    /// <param name="configure">Changes how the service answers; null leaves the options at their defaults.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder MapService<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IPeerEndpointBuilder builder, PeerServiceLifetime lifetime = PeerServiceLifetime.Call, Action<ServiceOptions>? configure = null)
        where TContract : class, IContract<TContract>
        where TService : class, TContract
    {
        EndpointRegistration registration = Registration(builder);
        if (lifetime == PeerServiceLifetime.Singleton)
        {
            builder.Services.TryAddSingleton<TService>();
        }
        else
        {
            builder.Services.TryAddScoped<TService>();
        }

        registration.Services.Add(new ServiceMapping<TContract, TService>(lifetime, configure));
        return builder;
    }

    /// <summary>Serves other protocols beside the services, which come before them in preference.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="configure">Maps them; called once, when all services of the host have started.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder ConfigureRouter(this IPeerEndpointBuilder builder, Action<IServiceProvider, RouterBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Registration(builder).RouterChanges.Add(configure);
        return builder;
    }

    /// <summary>Changes the options of the endpoint with an object of the container at hand.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="configure">Changes them.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder Configure(this IPeerEndpointBuilder builder, Action<PeerEndpointOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<PeerEndpointOptions>(builder.Name).Configure(configure);
        return builder;
    }

    internal static EndpointRegistration Registration(IPeerEndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        EndpointRegistry.Of(builder.Services).TryAdd(builder.Name, out EndpointRegistration registration);
        return registration;
    }
}
