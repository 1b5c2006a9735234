using IrohRpc.CompilerServices;
using IrohRpc.Testing.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Testing;

/// <summary>
/// A hosted application in a test: the program's own host, whose peer endpoints use a network in memory, and a client that calls it.
/// </summary>
/// <remarks>
/// The host is built by the program's own code, so that a test runs what production runs: services, options, interceptors. Only the transports of its endpoints are
/// replaced, by <see cref="TestHostServiceCollectionExtensions.UseMemoryNetwork"/>.
/// </remarks>
public sealed class TestHost : IAsyncDisposable
{
    private readonly RecordedListeners _listeners;
    private bool _ownsHost = true;

    private TestHost(IHost host, MemoryNetwork network, PeerEndpoint client, RecordedListeners listeners)
    {
        Host = host;
        Network = network;
        Client = client;
        _listeners = listeners;
    }

    /// <summary>The program's host, started.</summary>
    public IHost Host { get; }

    /// <summary>The host's services.</summary>
    public IServiceProvider Services => Host.Services;

    /// <summary>The network.</summary>
    public MemoryNetwork Network { get; }

    /// <summary>An endpoint beside the host, which calls it.</summary>
    public PeerEndpoint Client { get; }

    /// <summary>Where the host's endpoints listen, in the order in which they were bound.</summary>
    public IReadOnlyList<EndpointAddress> Addresses => _listeners.Addresses;

    /// <summary>Where the host's endpoint listens.</summary>
    /// <exception cref="InvalidOperationException">The host has no endpoint that listens, or more than one: see <see cref="Addresses"/>.</exception>
    public EndpointAddress Address => Addresses is [EndpointAddress only]
        ? only
        : throw new InvalidOperationException($"The host has {Addresses.Count} peer endpoints that listen: {nameof(Addresses)} has them.");

    /// <summary>Builds the program's host on a network in memory, starts it, and binds a client beside it.</summary>
    /// <param name="build">
    /// Builds the host as the program does. It calls the action that it is given with the host's services, after the program has added its own.
    /// </param>
    /// <param name="network">The network; null makes one with the system's clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The host, started. Disposing stops it.</returns>
    public static async Task<TestHost> StartAsync(
        Func<Action<IServiceCollection>, IHost> build, MemoryNetwork? network = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        network ??= new MemoryNetwork();
        var listeners = new RecordedListeners(network.Transport);
        IHost host = build(services => services.UseTransport(listeners));
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            PeerEndpoint client = await network.BindAsync(options => options.ListenOn = [], cancellationToken).ConfigureAwait(false);
            return new TestHost(host, network, client, listeners);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A proxy of a contract that the host's endpoint serves. It lives as long as this.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <param name="options">Options of its calls; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The host has no endpoint that listens, or more than one.</exception>
    public TContract Connect<TContract>(ClientOptions? options = null)
        where TContract : class, IContract<TContract>
        => Client.Connect<TContract>(Address, options);

    /// <summary>Stops the host as SIGTERM does: it drains, and calls in flight finish.</summary>
    /// <param name="cancellationToken">Ends the drain.</param>
    public Task StopAsync(CancellationToken cancellationToken = default) => Host.StopAsync(cancellationToken);

    /// <summary>Closes the client, stops the host, and disposes of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ownsHost)
        {
            return;
        }

        _ownsHost = false;
        await Client.DisposeAsync().ConfigureAwait(false);
        await Host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (Host is IAsyncDisposable host)
        {
            await host.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            Host.Dispose();
        }
    }
}
