using System.Diagnostics.CodeAnalysis;
using IrohRpc;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configuring a client of the container.</summary>
public static class PeerClientBuilderExtensions
{
    /// <summary>Changes how the client calls, with the container at hand: policies, say.</summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Changes the options of its calls; called once.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerClientBuilder ConfigureCalls(this IPeerClientBuilder builder, Action<ClientOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddOptions<PeerChannelOptions>(builder.Name).Configure<IServiceProvider>((options, services) => configure(options.Calls, services));
        return builder;
    }

    /// <summary>
    /// Adds an interceptor around the client's calls, inside those of the endpoint. The container makes it: as a singleton unless it is registered otherwise already; one that is scoped is made for
    /// each call, in a scope of the call's own.
    /// </summary>
    /// <typeparam name="TInterceptor">The interceptor.</typeparam>
    /// <param name="builder">The client.</param>
    /// <param name="stage">The stage of one that is made for each call; that of a singleton is its own <see cref="RpcInterceptor.Stage"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerClientBuilder AddInterceptor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(
        this IPeerClientBuilder builder, InterceptorStage stage = InterceptorStage.Invocation)
        where TInterceptor : RpcInterceptor
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TInterceptor>();
        return builder.ConfigureCalls((options, services) => new ContainerInterceptor(typeof(TInterceptor), stage).AddTo(options.Interceptors, services));
    }
}
