using System.Diagnostics.CodeAnalysis;
using IrohRpc.CompilerServices;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using IrohRpc.Internal;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>A contract that is served by an object of the container.</summary>
internal abstract class ServiceMapping(PeerServiceLifetime lifetime, Action<ServiceOptions, IServiceProvider>? configure)
{
    public PeerServiceLifetime Lifetime => lifetime;

    public abstract string Contract { get; }

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public abstract Type Service { get; }

    /// <summary>Serves the contract.</summary>
    public abstract void Map(RouterBuilder router, IServiceProvider services, ServiceOptions options);

    /// <summary>Changes options as the program said.</summary>
    public void Configure(ServiceOptions options, IServiceProvider services) => configure?.Invoke(options, services);
}

internal sealed class ServiceMapping<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
    PeerServiceLifetime lifetime, Action<ServiceOptions, IServiceProvider>? configure) : ServiceMapping(lifetime, configure)
    where TContract : class, IContract<TContract>
    where TService : class, TContract
{
    public override string Contract => TContract.Descriptor.Name;

    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)]
    public override Type Service => typeof(TService);

    public override void Map(RouterBuilder router, IServiceProvider services, ServiceOptions options)
    {
        IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
        _ = Lifetime switch
        {
            PeerServiceLifetime.Singleton => router.Map<TContract>(services.GetRequiredService<TService>(), options),
            PeerServiceLifetime.Connection => router.LeasePerConnection<TContract>(_ => new ScopedService<TContract, TService>(scopes.CreateAsyncScope()), options),
            _ => router.LeasePerCall<TContract>(context => new ScopedService<TContract, TService>(CallScope.ForService(context, scopes)), options),
        };
    }
}
