using IrohRpc.Routing.Internal;

namespace IrohRpc;

/// <summary>
/// Collects which handler answers which ALPN, in order of preference, and starts a <see cref="Router"/> for them. Comes from
/// <see cref="PeerEndpoint.Route"/>. Not for use from several threads at once.
/// </summary>
public sealed class RouterBuilder
{
    private readonly PeerEndpoint _endpoint;
    private readonly OrderedDictionary<string, IProtocolHandler> _protocols = new(StringComparer.Ordinal);
    private readonly HashSet<string> _implied = new(StringComparer.Ordinal);

    internal RouterBuilder(PeerEndpoint endpoint) => _endpoint = endpoint;

    /// <summary>The endpoint that the router is for.</summary>
    public PeerEndpoint Endpoint => _endpoint;

    /// <summary>Adds a protocol. The order of adding is the order of preference when a peer offers several.</summary>
    /// <param name="alpn">The protocol's ALPN: 1 to 255 bytes of UTF-8.</param>
    /// <param name="handler">What answers its connections. It is not disposed of by the router.</param>
    /// <returns>This builder.</returns>
    /// <exception cref="ArgumentException">The ALPN is malformed, or was added before.</exception>
    public RouterBuilder Map(string alpn, IProtocolHandler handler)
    {
        AlpnNames.Require(alpn, nameof(alpn));
        ArgumentNullException.ThrowIfNull(handler);
        if (_implied.Remove(alpn))
        {
            _protocols.Remove(alpn);
        }

        return _protocols.TryAdd(alpn, handler)
            ? this
            : throw new ArgumentException($"The ALPN \"{alpn}\" has a handler already: map each contract once, and give another contract an ALPN of its own.", nameof(alpn));
    }

    /// <inheritdoc cref="Map(string, IProtocolHandler)"/>
    public RouterBuilder Map(string alpn, Func<PeerConnection, CancellationToken, ValueTask> handler)
        => Map(alpn, new DelegateProtocolHandler(handler));

    /// <summary>Adds a protocol that comes along with another, unless it is added by itself, before or after.</summary>
    internal void MapImplied(string alpn, IProtocolHandler handler)
    {
        if (_protocols.TryAdd(alpn, handler))
        {
            _implied.Add(alpn);
        }
    }

    /// <summary>
    /// Starts to accept. Once it completes, every listener of the endpoint agrees to the protocols: a peer that dials from then on gets through.
    /// </summary>
    /// <param name="cancellationToken">Gives up starting; the endpoint is then as it was before.</param>
    /// <returns>The router, which the caller owns.</returns>
    /// <exception cref="InvalidOperationException">
    /// The endpoint does not listen, accepts by hand, or has a router already.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The endpoint was closed.</exception>
    public async ValueTask<Router> StartAsync(CancellationToken cancellationToken = default)
    {
        var router = new Router(_endpoint, _protocols);
        await _endpoint.Acceptor.AttachAsync(router, cancellationToken).ConfigureAwait(false);
        return router;
    }
}
