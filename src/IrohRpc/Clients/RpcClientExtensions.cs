using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc;

/// <summary>Calling the services of other peers.</summary>
public static class RpcClientExtensions
{
    private static readonly ConditionalWeakTable<PeerEndpoint, ConcurrentDictionary<ProxyKey, Lazy<object>>> Shared = [];

    /// <summary>
    /// A proxy of a peer's service. Nothing is dialled before the first call; after a loss it dials again. All who ask this endpoint for the same peer
    /// and contract with options of the same values share one proxy and one connection, with the addresses of the first; other options make a proxy
    /// and a connection of their own.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="endpoint">Who dials. Closing it ends the proxy.</param>
    /// <param name="peer">Whose service, and where it may be.</param>
    /// <param name="options">How it calls; null for the defaults. Later changes of the object have no effect.</param>
    public static T Connect<T>(this PeerEndpoint endpoint, EndpointAddress peer, ClientOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(peer);
        var key = new ProxyKey(peer.Id, typeof(T), (ClientOptions)(options ?? new ClientOptions()).CopyFor(endpoint));
        return (T)Shared.GetOrCreateValue(endpoint).GetOrAdd(key, _ => new Lazy<object>(() => Create<T>(endpoint, peer, key.Options))).Value;
    }

    /// <inheritdoc cref="Connect{T}(PeerEndpoint, EndpointAddress, ClientOptions?)"/>
    public static T Connect<T>(this PeerEndpoint endpoint, EndpointTicket peer, ClientOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(peer);
        return endpoint.Connect<T>(peer.Address, options);
    }

    /// <summary>Connects to a peer's service now, and throws now where that fails.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="endpoint">Who dials.</param>
    /// <param name="peer">Whose service, and where it may be.</param>
    /// <param name="options">How it calls; null for the defaults.</param>
    /// <param name="service">What this side offers on the connection, for the peer to call back; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection with its proxy, which the caller owns.</returns>
    /// <exception cref="PeerException">The peer could not be reached, or does not speak the contract.</exception>
    public static async ValueTask<PeerClient<T>> ConnectAsync<T>(
        this PeerEndpoint endpoint,
        EndpointAddress peer,
        ClientOptions? options = null,
        T? service = null,
        CancellationToken cancellationToken = default)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(peer);
        PeerConnection connection = await endpoint.DialAsync(peer, T.Descriptor.Alpns, cancellationToken).ConfigureAwait(false);
        ServiceBinding? binding = service is null ? null : new ServiceBinding<T>(service);
        return new PeerClient<T>(RpcConnection.Start(connection, binding, (options ?? new ClientOptions()).CopyFor(endpoint)));
    }

    /// <summary>Connects to a peer's service now, and throws now where that fails.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="endpoint">Who dials.</param>
    /// <param name="peer">Whose service, and where it may be.</param>
    /// <param name="options">How it calls; null for the defaults.</param>
    /// <param name="service">What this side offers on the connection, for the peer to call back; null for nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The connection with its proxy, which the caller owns.</returns>
    /// <exception cref="PeerException">The peer could not be reached, or does not speak the contract.</exception>
    public static ValueTask<PeerClient<T>> ConnectAsync<T>(
        this PeerEndpoint endpoint,
        EndpointTicket peer,
        ClientOptions? options = null,
        T? service = null,
        CancellationToken cancellationToken = default)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(peer);
        return endpoint.ConnectAsync(peer.Address, options, service, cancellationToken);
    }

    /// <summary>The connection behind a proxy that <see cref="Connect{T}(PeerEndpoint, EndpointAddress, ClientOptions?)"/> made, to see it come and go.</summary>
    /// <param name="proxy">The proxy.</param>
    /// <returns>The connection; null for any other object.</returns>
    public static ReconnectingConnection? GetReconnectingConnection(this IContract proxy)
        => ((proxy as ContractProxy)?.Invoker as ReconnectingInvoker)?.Connection;

    private static T Create<T>(PeerEndpoint endpoint, EndpointAddress peer, ClientOptions options)
        where T : class, IContract<T>
    {
        var connection = new ReconnectingConnection(endpoint, peer, T.Descriptor.Alpns);
        return T.CreateProxy(new ReconnectingInvoker(connection, options));
    }
}
