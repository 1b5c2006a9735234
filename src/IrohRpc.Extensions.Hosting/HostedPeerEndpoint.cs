using IrohRpc.Extensions.Hosting.Internal;
using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using IrohRpc.Extensions.Hosting.Internal.Settings;
using IrohRpc.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IrohRpc;

/// <summary>
/// An endpoint of the host, injected as itself, or by its name as a keyed service. The endpoint is bound before the hosted services of the program start, and takes calls
/// when all of them have started; it drains before they stop, and is closed after they have.
/// </summary>
/// <remarks>All members are safe to call from several threads at once.</remarks>
public sealed class HostedPeerEndpoint : IAsyncDisposable, IDisposable
{
    private readonly Lock _gate = new();
    private readonly IServiceProvider _services;
    private readonly EndpointRegistration _registration;
    private readonly ILogger _logger;
    private volatile HostedEndpointState _state;
    private PeerEndpoint? _endpoint;
    private SecretKey? _key;
    private Router? _router;
    private Task? _drain;
    private Task? _close;

    internal HostedPeerEndpoint(EndpointRegistration registration, IServiceProvider services)
    {
        _registration = registration;
        _services = services;
        _logger = (services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance).CreateLogger<HostedPeerEndpoint>();
    }

    /// <summary>The name that the endpoint was added with; empty for the one without.</summary>
    public string Name => _registration.Name;

    /// <summary>Where the endpoint stands.</summary>
    public HostedEndpointState State => _state;

    /// <summary>The endpoint. It is the host's: not to be disposed of by others.</summary>
    /// <exception cref="InvalidOperationException">The host has not been started: the endpoint is not bound yet.</exception>
    public PeerEndpoint Endpoint
    {
        get
        {
            lock (_gate)
            {
                return _endpoint ?? throw new InvalidOperationException(
                    $"{this} is not bound: the host binds it as it starts. Constructors run before that; ask for it when you need it.");
            }
        }
    }

    /// <summary>The router, for protocols that come and go while the host runs.</summary>
    /// <exception cref="InvalidOperationException">The endpoint does not accept yet.</exception>
    public Router Router
    {
        get
        {
            lock (_gate)
            {
                return _router ?? throw new InvalidOperationException($"{this} has no router: it maps nothing, or its host has not started all of its services yet.");
            }
        }
    }

    /// <summary>The peers that are connected as of now, whoever dialled, with what they do. Empty while the endpoint is not bound.</summary>
    public IReadOnlyList<ConnectedPeer> GetConnectedPeers()
    {
        PeerEndpoint? endpoint;
        lock (_gate)
        {
            endpoint = _endpoint;
        }

        return endpoint?.GetConnectedPeers() ?? [];
    }

    /// <summary>Closes the endpoint. The host does so as it stops.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_close ??= CloseAsync());
        }
    }

    /// <summary>
    /// Begins to close the endpoint and does not wait for it, for a host that is disposed of without <c>await</c>. Where the host was stopped before, it is closed already.
    /// </summary>
    public void Dispose() => _ = DisposeAsync().AsTask();

    /// <summary>Which endpoint this is.</summary>
    public override string ToString() => Name.Length == 0 ? "The peer endpoint" : $"The peer endpoint \"{Name}\"";

    /// <summary>Binds the endpoint.</summary>
    internal async Task BindAsync(CancellationToken cancellationToken)
    {
        PeerEndpointOptions options = _services.GetRequiredService<IOptionsFactory<PeerEndpointOptions>>().Create(Name);
        if (KeyProvider() is { } provider)
        {
            if (options.SecretKey is not null)
            {
                throw new InvalidOperationException($"{this} has two secret keys: its options name one, and a file or provider another.");
            }

            SecretKey key = await provider.GetSecretKeyAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _key = key;
            }

            options.SecretKey = key;
        }

        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, cancellationToken).ConfigureAwait(false);
        foreach (ContainerInterceptor interceptor in _registration.Interceptors)
        {
            interceptor.AddTo(endpoint, _services);
        }

        bool isClosed;
        lock (_gate)
        {
            isClosed = _close is not null;
            if (!isClosed)
            {
                _endpoint = endpoint;
                _state = HostedEndpointState.Bound;
            }
        }

        if (isClosed)
        {
            await endpoint.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes calls.</summary>
    internal async Task AcceptAsync(CancellationToken cancellationToken)
    {
        if (_registration.Services.Count > 0 || _registration.RouterChanges.Count > 0)
        {
            RouterBuilder builder = Endpoint.Route();
            foreach (ServiceMapping mapping in _registration.Services)
            {
                ServiceOptions options = _services.GetRequiredService<IOptionsFactory<ServiceOptions>>().Create(Name);
                options.FlowsCallContext |= _services.GetService<ICallContextAccessor>() is not null;
                foreach (Action<ServiceOptions, IServiceProvider> change in _registration.ServiceChanges)
                {
                    change(options, _services);
                }

                mapping.Configure(options, _services);
                mapping.Map(builder, _services, options);
            }

            foreach (Action<IServiceProvider, RouterBuilder> change in _registration.RouterChanges)
            {
                change(_services, builder);
            }

            Router router = await builder.StartAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate)
            {
                _router = router;
            }

            if (_logger.IsEnabled(LogLevel.Information))
            {
                HostingLog.Accepting(_logger, ToString(), string.Join(", ", router.Alpns), Endpoint.Ticket.ToString());
            }
        }

        Advance(HostedEndpointState.Accepting);
    }

    /// <summary>Drains, until the token fires at the latest.</summary>
    internal Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _drain ??= DrainCoreAsync(cancellationToken);
        }
    }

    /// <summary>The endpoint for a dial of an injected client.</summary>
    /// <exception cref="PeerException">It is not bound, or closed.</exception>
    internal ValueTask<PeerEndpoint> GetForDialAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return _endpoint is { } endpoint && _state != HostedEndpointState.Stopped
                ? new(endpoint)
                : throw new PeerException(
                    _close is null ? PeerErrorKind.Unreachable : PeerErrorKind.ClosedLocally,
                    _close is null ? $"{this} is not bound: the host has not been started." : $"{this} is closed: the host has stopped.");
        }
    }

    private ISecretKeyProvider? KeyProvider()
    {
        if (_registration.SecretKeyProvider is { } provider)
        {
            return provider(_services);
        }

        SecretKeyFileSettings file = _services.GetRequiredService<IOptionsFactory<SecretKeyFileSettings>>().Create(Name);
        return file.Path is null ? null : new SecretKeyFile(file.Path) { CreateIfMissing = file.CreateIfMissing };
    }

    private async Task DrainCoreAsync(CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Advance(HostedEndpointState.Draining);
        Router? router;
        lock (_gate)
        {
            router = _router;
        }

        if (router is null)
        {
            return;
        }

        using (cancellationToken.UnsafeRegister(static state => ((Router)state!).EndDrain(), router))
        {
            await router.ShutdownAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task CloseAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        PeerEndpoint? endpoint;
        Router? router;
        SecretKey? key;
        lock (_gate)
        {
            endpoint = _endpoint;
            router = _router;
            key = _key;
        }

        // Whoever wanted a drain has had it.
        router?.EndDrain();
        if (endpoint is not null)
        {
            await endpoint.CloseAsync().ConfigureAwait(false);
        }

        Advance(HostedEndpointState.Stopped);
        key?.Dispose();
    }

    private void Advance(HostedEndpointState state)
    {
        lock (_gate)
        {
            if (state > _state)
            {
                _state = state;
            }
        }
    }
}
