using System.Runtime.CompilerServices;
using IrohRpc.Channels;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc;

/// <summary>Calling the services of other peers.</summary>
public static class RpcClientExtensions
{
    // Connections that were given no options share one copy of the defaults.
    private static readonly ConditionalWeakTable<PeerEndpoint, RpcOptions> Defaults = [];

    /// <summary>Makes a channel to a peer, which owns the connections to it. Nothing is dialled before the first call.</summary>
    /// <param name="endpoint">Who dials. Closing it closes the channel.</param>
    /// <param name="peer">Whom to call, and where it may be: an address, a ticket, or an id alone where the endpoint has met the peer before.</param>
    /// <param name="options">How it keeps its connections; null for the defaults.</param>
    /// <returns>The channel, which the caller owns.</returns>
    public static PeerChannel CreateChannel(this PeerEndpoint endpoint, EndpointAddress peer, PeerChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(peer);
        return endpoint.GetOwned(static owner => new OwnedChannels(owner)).Create(peer, options);
    }

    /// <summary>
    /// A proxy of a peer's service, in one line: <see cref="PeerChannel.Get{T}"/> of a channel to the peer that the endpoint owns and that all callers of this
    /// method share. The addresses are added to those that the channel knows. <see cref="PeerChannel.Of"/> gives the channel.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="endpoint">Who dials. Closing it ends the proxy.</param>
    /// <param name="peer">Whose service, and where it may be: an address, a ticket, or an id alone where the endpoint has met the peer before.</param>
    /// <param name="options">How it calls; null for the defaults. Later changes of the object have no effect.</param>
    /// <exception cref="ObjectDisposedException">The endpoint was closed.</exception>
    public static T Connect<T>(this PeerEndpoint endpoint, EndpointAddress peer, ClientOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(peer);
        while (true)
        {
            PeerChannel channel = endpoint.GetOwned(static owner => new SharedChannels(owner)).Get(peer);
            try
            {
                return channel.Get<T>(options);
            }
            catch (ObjectDisposedException) when (!endpoint.IsClosing)
            {
                // Somebody disposed of the channel between the two; it is not handed out again.
            }
        }
    }

    /// <summary>The peers that are connected as of now, in the order of their ids: those that dialled this endpoint and those that it dialled.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static IReadOnlyList<ConnectedPeer> GetConnectedPeers(this PeerEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return
        [
            .. endpoint.Connections
                .GroupBy(connection => connection.PeerId)
                .OrderBy(peer => peer.Key)
                .Select(peer => new ConnectedPeer(peer.Key, [.. peer], peer.Sum(PeerRpcConnection.CountCalls))),
        ];
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
        return new PeerClient<T>(PeerRpcConnection.Start(connection, binding, OptionsOf(endpoint, options)));
    }
    private static RpcOptions OptionsOf(PeerEndpoint endpoint, ClientOptions? options)
        => options?.CopyFor(endpoint)
            ?? (EndpointInterceptorExtensions.HasInterceptors(endpoint)
                ? new ClientOptions().CopyFor(endpoint)
                : Defaults.GetValue(endpoint, static endpoint => new ClientOptions().CopyFor(endpoint)));
}
