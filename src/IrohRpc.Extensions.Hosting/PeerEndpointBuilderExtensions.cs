using System.Diagnostics.CodeAnalysis;
using IrohRpc;
using IrohRpc.CompilerServices;
using IrohRpc.Extensions.Hosting.Internal;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using IrohRpc.Extensions.Hosting.Internal.Settings;
using IrohRpc.Internal;
using Microsoft.Extensions.Configuration;
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
        => builder.MapService<TContract, TService>(lifetime, configure is null ? static (_, _) => { } : (options, _) => configure(options));

    /// <summary>The same, with the container at hand for what configures the service: interceptors, say.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <typeparam name="TService">What serves it. It is registered with the lifetime that fits, unless it is registered already.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="lifetime">For how long an object lives.</param>
    /// <param name="configure">Changes how the service answers.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder MapService<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IPeerEndpointBuilder builder, PeerServiceLifetime lifetime, Action<ServiceOptions, IServiceProvider> configure)
        where TContract : class, IContract<TContract>
        where TService : class, TContract
    {
        ArgumentNullException.ThrowIfNull(configure);
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

    /// <summary>The same, for a service that is made for each call.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <typeparam name="TService">What serves it. It is registered as scoped, unless it is registered already.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="configure">Changes how the service answers.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder MapService<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TService>(
        this IPeerEndpointBuilder builder, Action<ServiceOptions, IServiceProvider> configure)
        where TContract : class, IContract<TContract>
        where TService : class, TContract
        => builder.MapService<TContract, TService>(PeerServiceLifetime.Call, configure);

    /// <summary>Changes the options of all services of the endpoint, after configuration and before what <c>MapService</c> says of one: policies for all of them, say.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="configure">Changes them; called for each service, once, when the host has started.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder ConfigureServices(this IPeerEndpointBuilder builder, Action<ServiceOptions, IServiceProvider> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Registration(builder).ServiceChanges.Add(configure);
        return builder;
    }

    /// <summary>
    /// Adds an interceptor around all calls of the endpoint, in both directions: those of its services, and those of the clients that call from it. The container makes it: as a singleton unless it
    /// is registered otherwise already. One that is scoped is made for each call, in the call's scope, which a service that is mapped for each call shares.
    /// </summary>
    /// <typeparam name="TInterceptor">The interceptor.</typeparam>
    /// <param name="builder">The endpoint.</param>
    /// <param name="stage">The stage of one that is made for each call; that of a singleton is its own <see cref="RpcInterceptor.Stage"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder AddInterceptor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TInterceptor>(
        this IPeerEndpointBuilder builder, InterceptorStage stage = InterceptorStage.Invocation)
        where TInterceptor : RpcInterceptor
    {
        Registration(builder).Interceptors.Add(new ContainerInterceptor(typeof(TInterceptor), stage));
        builder.Services.TryAddSingleton<TInterceptor>();
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

    /// <summary>
    /// Reads the options of the endpoint from a configuration section, whose keys are called as the options of <see cref="PeerEndpointOptions"/>; <c>SecretKeyFile</c> and
    /// <c>CreateSecretKeyFile</c> say where the key is, and the keys below <c>Calls</c> are those of <see cref="ServiceOptions"/>, for all services. A key that is not known, and a value that cannot be
    /// read or is out of range, keep the host from starting; the message names the key.
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="section">The section. It is read as the host starts.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder Bind(this IPeerEndpointBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.Configure<PeerEndpointOptions>(builder.Name, options => SettingTables.Endpoint.Read(section, options));
        builder.Services.Configure<SecretKeyFileSettings>(builder.Name, settings => SettingTables.SecretKey.Read(section, settings, skipUnknown: true));
        builder.Services.Configure<ServiceOptions>(builder.Name, options => SettingTables.ServiceCalls.Read(section.GetSection(SettingTables.CallsKey), options));
        return builder;
    }

    /// <summary>Keeps the secret key in a file, so that the endpoint has the same id after a restart. See <see cref="SecretKeyFile"/>.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="path">Where the file is.</param>
    /// <param name="createIfMissing">Whether a file that does not exist is made at the first start. Default no, so that a wrong path does not make another endpoint.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder UseSecretKeyFile(this IPeerEndpointBuilder builder, string path, bool createIfMissing = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.Configure<SecretKeyFileSettings>(builder.Name, settings => (settings.Path, settings.CreateIfMissing) = (path, createIfMissing));
        return builder;
    }

    /// <summary>Takes the secret key from anywhere else: a secret store, say. It is asked once, as the host starts.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="provider">Finds the provider.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IPeerEndpointBuilder UseSecretKeyProvider(this IPeerEndpointBuilder builder, Func<IServiceProvider, ISecretKeyProvider> provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Registration(builder).SecretKeyProvider = provider;
        return builder;
    }

    internal static EndpointRegistration Registration(IPeerEndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        EndpointRegistry.Of(builder.Services).TryAdd(builder.Name, out EndpointRegistration registration);
        return registration;
    }
}
