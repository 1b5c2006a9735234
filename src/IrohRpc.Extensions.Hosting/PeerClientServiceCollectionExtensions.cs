using IrohRpc;
using IrohRpc.CompilerServices;
using IrohRpc.Extensions.Hosting.Internal;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using IrohRpc.Extensions.Hosting.Internal.Settings;
using IrohRpc.Extensions.Hosting.Internal.Validation;
using IrohRpc.Internal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Injecting the services of other peers.</summary>
public static class PeerClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds a peer's service as its contract: whoever takes a <typeparamref name="T"/> calls that peer. Nothing is dialled before the first call, which may come once the host has
    /// started; the client is disposed of with the container.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="peer">Whom to call: an address, a ticket, or an id.</param>
    /// <param name="configure">Changes how its connections are kept and, by <see cref="PeerChannelOptions.Calls"/>, how it calls; null leaves the options at their defaults.</param>
    /// <returns>Configures the client further.</returns>
    public static IPeerClientBuilder AddPeerClient<T>(this IServiceCollection services, EndpointAddress peer, Action<PeerChannelOptions>? configure = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(peer);
        return services.AddPeerClient<T>(options => options.Peer = peer, configure);
    }

    /// <summary>The same, for one of several peers: the contract is then a keyed service.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the service.</param>
    /// <param name="peer">Whom to call: an address, a ticket, or an id.</param>
    /// <param name="configure">Changes how its connections are kept and how it calls; null leaves the options at their defaults.</param>
    /// <returns>Configures the client further.</returns>
    public static IPeerClientBuilder AddKeyedPeerClient<T>(
        this IServiceCollection services, object key, EndpointAddress peer, Action<PeerChannelOptions>? configure = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(peer);
        return services.AddKeyedPeerClient<T>(key, options => options.Peer = peer, configure);
    }

    /// <inheritdoc cref="AddPeerClient{T}(IServiceCollection, EndpointAddress, Action{PeerChannelOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="peer">Says whom to call, and from which endpoint; called when the client is first asked for.</param>
    /// <param name="configure">Changes how its connections are kept and how it calls; null leaves the options at their defaults.</param>
    public static IPeerClientBuilder AddPeerClient<T>(
        this IServiceCollection services, Action<PeerClientOptions> peer, Action<PeerChannelOptions>? configure = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(services);
        string name = EndpointRegistry.Of(services).NextClientName(T.Descriptor.Name);
        services.AddSingleton(provider => provider.GetRequiredKeyedService<HostedClient>(name).Get<T>());
        return services.AddClient(name, peer, configure);
    }

    /// <inheritdoc cref="AddKeyedPeerClient{T}(IServiceCollection, object, EndpointAddress, Action{PeerChannelOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the service.</param>
    /// <param name="peer">Says whom to call, and from which endpoint; called when the client is first asked for.</param>
    /// <param name="configure">Changes how its connections are kept and how it calls; null leaves the options at their defaults.</param>
    public static IPeerClientBuilder AddKeyedPeerClient<T>(
        this IServiceCollection services, object key, Action<PeerClientOptions> peer, Action<PeerChannelOptions>? configure = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(key);
        string name = EndpointRegistry.Of(services).NextClientName(T.Descriptor.Name);
        services.AddKeyedSingleton(key, (provider, _) => provider.GetRequiredKeyedService<HostedClient>(name).Get<T>());
        return services.AddClient(name, peer, configure);
    }

    /// <summary>
    /// Adds a peer's service by a configuration section: its <c>Peer</c> is a ticket or an id; the other keys are called as the options of <see cref="PeerClientOptions"/> and
    /// <see cref="PeerChannelOptions"/>, those of <see cref="ClientOptions"/> below <c>Calls</c>. A section that is wrong keeps the host from starting.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Changes what the section says.</param>
    /// <returns>Configures the client further.</returns>
    public static IPeerClientBuilder AddPeerClient<T>(
        this IServiceCollection services, IConfigurationSection section, Action<PeerChannelOptions>? configure = null)
        where T : class, IContract<T>
        => services.AddPeerClient<T>(ReadPeer(section), ReadChannel(section, configure));

    /// <inheritdoc cref="AddPeerClient{T}(IServiceCollection, IConfigurationSection, Action{PeerChannelOptions})"/>
    /// <param name="services">The services.</param>
    /// <param name="key">The key of the service.</param>
    /// <param name="section">The section.</param>
    /// <param name="configure">Changes what the section says.</param>
    public static IPeerClientBuilder AddKeyedPeerClient<T>(
        this IServiceCollection services, object key, IConfigurationSection section, Action<PeerChannelOptions>? configure = null)
        where T : class, IContract<T>
        => services.AddKeyedPeerClient<T>(key, ReadPeer(section), ReadChannel(section, configure));

    private static Action<PeerClientOptions> ReadPeer(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return options =>
        {
            options.Section = section.Path;
            SettingTables.Client.Read(section, options, skipUnknown: true);
        };
    }

    private static Action<PeerChannelOptions> ReadChannel(IConfigurationSection section, Action<PeerChannelOptions>? configure) => options =>
    {
        SettingTables.Channel.Read(section, options);
        configure?.Invoke(options);
    };

    private static PeerClientBuilder AddClient(
        this IServiceCollection services, string name, Action<PeerClientOptions> peer, Action<PeerChannelOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(peer);
        EndpointRegistry.Of(services).Clients.Add(name);
        services.Configure(name, peer);
        services.AddOptions<PeerChannelOptions>(name).Configure<IServiceProvider>(static (options, provider) =>
        {
            options.Calls.LoggerFactory = provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
            options.Calls.TimeProvider = provider.GetService<TimeProvider>() ?? options.Calls.TimeProvider;
        });
        services.AddOptions<PeerChannelOptions>(name).Configure<IServiceProvider>((options, provider) => AddEndpointInterceptors(name, options, provider));
        if (configure is not null)
        {
            services.Configure(name, configure);
        }

        services.AddKeyedSingleton(name, (provider, _) => CreateClient(name, provider));
        return new PeerClientBuilder(name, services);
    }

    // The channel is made before the endpoint is bound, and so cannot ask it.
    private static void AddEndpointInterceptors(string name, PeerChannelOptions options, IServiceProvider provider)
    {
        string endpoint = provider.GetRequiredService<IOptionsMonitor<PeerClientOptions>>().Get(name).EndpointName;
        EndpointRegistration? registration = provider.GetRequiredService<EndpointRegistry>().Endpoints.FirstOrDefault(one => one.Name == endpoint);
        foreach (ContainerInterceptor interceptor in registration?.Interceptors ?? [])
        {
            interceptor.AddTo(options.Calls.Interceptors, provider);
        }
    }

    private static HostedClient CreateClient(string name, IServiceProvider provider)
    {
        PeerClientOptions options = provider.GetRequiredService<IOptionsMonitor<PeerClientOptions>>().Get(name);
        PeerChannelOptions channel = provider.GetRequiredService<IOptionsMonitor<PeerChannelOptions>>().Get(name);
        if (ClientCheck.WhatIsMissing(name, options, provider) is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        HostedPeerEndpoint endpoint = provider.GetRequiredKeyedService<HostedPeerEndpoint>(options.EndpointName);
        return new HostedClient(new PeerChannel(endpoint.GetForDialAsync, options.Peer!, channel));
    }
}
