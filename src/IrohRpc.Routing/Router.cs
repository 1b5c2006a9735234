using IrohRpc.Routing.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc;

/// <summary>
/// Hands each connection that an endpoint accepts to the handler of its ALPN. Made by <see cref="PeerEndpoint.Route"/>.
/// </summary>
/// <remarks>
/// <para>Handlers run concurrently on the thread pool, and one that fails costs its own connection: the peer sees
/// <see cref="ConnectionErrorCodes.HandlerFailed"/>, the log says what happened, and nothing else is touched.</para>
/// <para>All members are safe to call from several threads at once.</para>
/// </remarks>
public sealed class Router : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly OrderedDictionary<string, IProtocolHandler> _protocols = new(StringComparer.Ordinal);
    private readonly HandlerRuns _runs;
    private readonly ILogger _logger;
    private bool _stopping;
    private Task? _shutdown;

    internal Router(PeerEndpoint endpoint, IEnumerable<KeyValuePair<string, IProtocolHandler>> protocols)
    {
        Endpoint = endpoint;
        _logger = endpoint.LoggerFactory.CreateLogger<Router>();
        _runs = new HandlerRuns(endpoint.DrainTimeout, endpoint.TimeProvider, _logger);
        foreach (KeyValuePair<string, IProtocolHandler> protocol in protocols)
        {
            _protocols.Add(protocol.Key, protocol.Value);
        }
    }

    /// <summary>The endpoint that the router accepts from.</summary>
    public PeerEndpoint Endpoint { get; }

    /// <summary>The protocols that are served, first preferred, as of now; empty once the router shuts down.</summary>
    public IReadOnlyList<string> Alpns => AlpnsToAccept;

    /// <summary>How many handlers run, as of now.</summary>
    public int RunningHandlers => _runs.Count;

    internal IReadOnlyList<string> AlpnsToAccept
    {
        get
        {
            lock (_lock)
            {
                return _stopping ? [] : [.. _protocols.Keys];
            }
        }
    }

    /// <summary>Serves another protocol, after those that are served already in preference. Refuses nobody meanwhile.</summary>
    /// <param name="alpn">The protocol's ALPN: 1 to 255 bytes of UTF-8.</param>
    /// <param name="handler">What answers its connections. It is not disposed of by the router.</param>
    /// <param name="cancellationToken">Gives up; the protocol is then not served.</param>
    /// <exception cref="ArgumentException">The ALPN is malformed, or is served already.</exception>
    /// <exception cref="ObjectDisposedException">The router was shut down.</exception>
    public async ValueTask AddAsync(string alpn, IProtocolHandler handler, CancellationToken cancellationToken = default)
    {
        AlpnNames.Require(alpn, nameof(alpn));
        ArgumentNullException.ThrowIfNull(handler);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (!_protocols.TryAdd(alpn, handler))
            {
                throw new ArgumentException($"The ALPN \"{alpn}\" has a handler already: map each contract once, and give another contract an ALPN of its own.", nameof(alpn));
            }
        }

        try
        {
            await Endpoint.Acceptor.SetAlpnsAsync(this, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (_lock)
            {
                // Somebody may have removed it meanwhile and added another.
                if (_protocols.TryGetValue(alpn, out IProtocolHandler? there) && there == handler)
                {
                    _protocols.Remove(alpn);
                }
            }

            throw;
        }
    }

    /// <inheritdoc cref="AddAsync(string, IProtocolHandler, CancellationToken)"/>
    public ValueTask AddAsync(
        string alpn, Func<PeerConnection, CancellationToken, ValueTask> handler, CancellationToken cancellationToken = default)
        => AddAsync(alpn, new DelegateProtocolHandler(handler), cancellationToken);

    /// <summary>
    /// Stops to serve a protocol. Its connections go on for as long as their handlers do; one whose handshake was just under way is closed
    /// with <see cref="ConnectionErrorCodes.NotServed"/>.
    /// </summary>
    /// <param name="alpn">The protocol's ALPN.</param>
    /// <param name="cancellationToken">Gives up waiting for the listeners; the protocol is no longer served all the same.</param>
    /// <returns>Whether the protocol was served.</returns>
    /// <exception cref="ObjectDisposedException">The router was shut down.</exception>
    public async ValueTask<bool> RemoveAsync(string alpn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alpn);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (!_protocols.Remove(alpn))
            {
                return false;
            }
        }

        await Endpoint.Acceptor.SetAlpnsAsync(this, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Turns new connections away, fires the token of the handlers, waits for them up to <see cref="PeerEndpointOptions.DrainTimeout"/>, then closes the connections
    /// of those that still run with <see cref="ConnectionErrorCodes.ShuttingDown"/>. The endpoint stays open, and turns dials away with
    /// <see cref="PeerErrorKind.Refused"/> until it gets another router. Happens once; every caller
    /// waits for the same end.
    /// </summary>
    /// <remarks>A handler that awaits it waits for itself, for as long as draining may take.</remarks>
    /// <param name="cancellationToken">Ends this caller's wait, not the shutdown.</param>
    public ValueTask ShutdownAsync(CancellationToken cancellationToken = default)
    {
        Task shutdown;
        lock (_lock)
        {
            shutdown = _shutdown ??= ShutdownCoreAsync();
        }

        return new(shutdown.WaitAsync(cancellationToken));
    }

    /// <summary>
    /// Ends the drain time-out of a shutdown now: connections of handlers that still run are closed at once. Without a shutdown it holds for the one to come.
    /// </summary>
    public void EndDrain() => _runs.EndDrain();

    /// <summary>Shuts down as <see cref="ShutdownAsync"/> does.</summary>
    public ValueTask DisposeAsync() => ShutdownAsync();

    /// <summary>Gives an accepted connection to its handler. Does not wait for it.</summary>
    internal void Dispatch(PeerConnection connection)
    {
        IProtocolHandler? handler = null;
        bool stopping;
        lock (_lock)
        {
            stopping = _stopping;
            if (!stopping && _protocols.TryGetValue(connection.Alpn, out handler))
            {
                _runs.Start(connection, handler);
            }
        }

        if (stopping)
        {
            Endpoint.Acceptor.Drop(connection, ConnectionErrorCodes.NotServed, "the router shuts down");
        }
        else if (handler is null)
        {
            RoutingLog.NotServed(_logger, connection.PeerId, connection.Alpn);
            Endpoint.Acceptor.Drop(connection, ConnectionErrorCodes.NotServed, "the protocol is not served any more");
        }
    }

    private async Task ShutdownCoreAsync()
    {
        // Everything below may run code that is not ours, which must not happen under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _stopping = true;
        }

        // The listeners keep their ALPNs: a peer that asks now is to hear that nobody is in, and not that its version was retired.
        Endpoint.Acceptor.TurnAway(this);
        await _runs.StopAsync().ConfigureAwait(false);
        _runs.Dispose();
        Endpoint.Acceptor.Detach(this);
    }
}
