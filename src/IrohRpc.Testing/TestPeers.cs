using IrohRpc.CompilerServices;

namespace IrohRpc.Testing;

/// <summary>Makes two peers for a test of a contract, in one line.</summary>
public static class TestPeers
{
    /// <summary>Makes a network with two peers: one serves <paramref name="service"/>, the other calls it.</summary>
    /// <typeparam name="TContract">The contract.</typeparam>
    /// <param name="service">The object that the peer calls. It stays the caller's.</param>
    /// <param name="options">The network, the clock, and options of each side; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The peers. Disposing of them disposes of all that was made.</returns>
    public static Task<TestPeers<TContract>> CreateAsync<TContract>(TContract service, TestPeersOptions? options = null, CancellationToken cancellationToken = default)
        where TContract : class, IContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(service);
        return CreateAsync<TContract>(router => router.Map(service, options?.Service), options, cancellationToken);
    }

    /// <summary>The same for a peer that serves more than one contract, or makes its service for each connection.</summary>
    /// <typeparam name="TContract">The contract that <see cref="TestPeers{TContract}.Proxy"/> calls.</typeparam>
    /// <param name="map">Maps what the peer serves.</param>
    /// <param name="options">The network, the clock, and options of each side; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The peers. Disposing of them disposes of all that was made.</returns>
    public static async Task<TestPeers<TContract>> CreateAsync<TContract>(
        Action<RouterBuilder> map, TestPeersOptions? options = null, CancellationToken cancellationToken = default)
        where TContract : class, IContract<TContract>
    {
        ArgumentNullException.ThrowIfNull(map);
        options ??= new TestPeersOptions();
        MemoryNetwork network = options.Network ?? new MemoryNetwork(options.TimeProvider);
        PeerEndpoint server = await network.BindAsync(options.ConfigureServer, cancellationToken).ConfigureAwait(false);
        PeerEndpoint? client = null;
        try
        {
            client = await network.BindAsync(
                endpoint =>
                {
                    endpoint.ListenOn = [];
                    options.ConfigureClient?.Invoke(endpoint);
                },
                cancellationToken).ConfigureAwait(false);
            RouterBuilder builder = server.Route();
            map(builder);
            Router router = await builder.StartAsync(cancellationToken).ConfigureAwait(false);
            return new TestPeers<TContract>(network, server, client, router, options);
        }
        catch
        {
            if (client is not null)
            {
                await client.DisposeAsync().ConfigureAwait(false);
            }

            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}

/// <summary>Two peers on a network in memory: one serves a contract, the other calls it.</summary>
/// <typeparam name="TContract">The contract.</typeparam>
/// <remarks>All members are safe to call from several threads at once.</remarks>
public sealed class TestPeers<TContract> : IAsyncDisposable
    where TContract : class, IContract<TContract>
{
    internal TestPeers(MemoryNetwork network, PeerEndpoint server, PeerEndpoint client, Router router, TestPeersOptions options)
    {
        Network = network;
        Server = server;
        Client = client;
        Router = router;
        Channel = client.CreateChannel(server.Address, options.Channel);
        Proxy = Channel.Get<TContract>(options.Calls);
    }

    /// <summary>Calls the service. The first call connects.</summary>
    public TContract Proxy { get; }

    /// <summary>The channel that the proxy belongs to.</summary>
    public PeerChannel Channel { get; }

    /// <summary>The network that the two share: more peers can join it, and it can be made slow or broken.</summary>
    public MemoryNetwork Network { get; }

    /// <summary>The endpoint that serves.</summary>
    public PeerEndpoint Server { get; }

    /// <summary>The endpoint that calls.</summary>
    public PeerEndpoint Client { get; }

    /// <summary>The router of <see cref="Server"/>.</summary>
    public Router Router { get; }

    /// <summary>Takes the connections between the two away from both ends, as a network that fails does, and completes when both ends know. The next call connects again.</summary>
    public Task LoseConnectionsAsync() => Network.LoseConnectionsAsync(Client.Id, Server.Id);

    /// <summary>The same, now: calls in progress, and those that are made before this side has noticed, fail with <see cref="RpcStatusCode.Unavailable"/> unless they are idempotent.</summary>
    public void LoseConnections() => Network.LoseConnections(Client.Id, Server.Id);

    /// <summary>Cuts the two off from each other, until <see cref="Heal"/>.</summary>
    public void Partition() => Network.Partition(Client.Id, Server.Id);

    /// <summary>Ends the partition.</summary>
    public void Heal() => Network.Heal(Client.Id, Server.Id);

    /// <summary>
    /// Heals the partition of the two, closes the channel, drains the router, and closes both endpoints. With a clock other than the system's their connections are lost first: nobody
    /// may move that clock any more while this waits.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Heal();
        if (Network.Clock != TimeProvider.System)
        {
            LoseConnections();
        }

        await Channel.DisposeAsync().ConfigureAwait(false);
        await Client.DisposeAsync().ConfigureAwait(false);
        await Router.DisposeAsync().ConfigureAwait(false);
        await Server.DisposeAsync().ConfigureAwait(false);
    }
}
