using System.Threading.Channels;
using IrohRpc.Routing.Internal;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>
/// Brings the connections of all listeners together and hands them to the one who accepts: the program by hand, or a router.
/// </summary>
internal sealed class ConnectionAcceptor
{
    private readonly Lock _lock = new();
    private readonly ListenerSet _listeners;
    private readonly ConnectionAdmission _admission;
    private readonly ConnectionSet _connections;
    private readonly OwnedTasks _tasks;
    private readonly ILogger _logger;
    private readonly Channel<PeerConnection> _waiting;
    private readonly CancellationToken _closing;
    private Task _pumps = Task.CompletedTask;
    private IReadOnlyList<string> _alpnsByHand;
    private bool _byHand;
    private Router? _router;
    private Task? _stop;

    public ConnectionAcceptor(
        ListenerSet listeners,
        IReadOnlyList<string> alpns,
        int backlog,
        ConnectionAdmission admission,
        ConnectionSet connections,
        OwnedTasks tasks,
        ILogger logger,
        CancellationToken closing)
    {
        _listeners = listeners;
        _alpnsByHand = alpns;
        _byHand = alpns.Count > 0;
        _admission = admission;
        _admission.IsClosed = !_byHand;
        _admission.CloseIdle = connection => Drop(connection, ConnectionErrorCodes.GaveWay, "it was idle for longest, and others wanted its place");
        _connections = connections;
        _tasks = tasks;
        _logger = logger;
        _closing = closing;
        _waiting = Channel.CreateBounded<PeerConnection>(backlog);
    }

    /// <summary>Begins to take connections from the listeners.</summary>
    public void Start() => _pumps = Task.WhenAll(_listeners.Listeners.Select(PumpAsync));

    /// <summary>Claims the endpoint for accepting by hand, and sets the ALPNs.</summary>
    public async ValueTask SetAlpnsByHandAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ClaimByHand();
            _alpnsByHand = alpns;
        }

        try
        {
            await _listeners.SetAlpnsAsync(() => _alpnsByHand, cancellationToken).ConfigureAwait(false);
            _admission.IsClosed = false;
        }
        catch (ObjectDisposedException)
        {
            throw Closed();
        }
    }

    /// <summary>The next connection, for an accept loop by hand.</summary>
    public async ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ClaimByHand();
        }

        try
        {
            while (true)
            {
                PeerConnection connection = await _waiting.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (!connection.Closed.IsCompleted)
                {
                    return connection;
                }

                // It ended while it waited: nobody can do anything with it.
                await connection.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (ChannelClosedException)
        {
            throw Closed();
        }
    }

    /// <summary>Makes the router the one who accepts, and waits until the listeners agree to its protocols.</summary>
    public async ValueTask AttachAsync(Router router, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop is not null, typeof(PeerEndpoint));
            RequireListeners();
            if (_router is not null)
            {
                throw new InvalidOperationException(
                    "The endpoint has a router already. Add the protocol to it with Router.AddAsync, or shut it down first.");
            }

            if (_byHand)
            {
                throw new InvalidOperationException(
                    "The endpoint accepts by hand: its ALPNs were set, or AcceptAsync was called. An endpoint accepts either by hand or through a router.");
            }

            _router = router;
        }

        try
        {
            await SetAlpnsAsync(router, cancellationToken).ConfigureAwait(false);
            _admission.IsClosed = false;
        }
        catch
        {
            Detach(router);
            throw;
        }
    }

    /// <summary>Brings the listeners up to date with the router's protocols.</summary>
    public async ValueTask SetAlpnsAsync(Router router, CancellationToken cancellationToken)
    {
        try
        {
            await _listeners.SetAlpnsAsync(() => router.AlpnsToAccept, cancellationToken).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            throw Closed();
        }
    }

    /// <summary>The router shuts down: whoever dials is turned away before the handshake, until the next accepts.</summary>
    public void TurnAway(Router router)
    {
        lock (_lock)
        {
            if (_router == router)
            {
                _admission.IsClosed = true;
            }
        }
    }

    /// <summary>The router accepts no more; another may be attached.</summary>
    public void Detach(Router router)
    {
        lock (_lock)
        {
            if (_router == router)
            {
                _router = null;
            }
        }
    }

    /// <summary>Stops listening and drops what nobody has accepted, once the endpoint's token has fired. Never throws; happens once.</summary>
    /// <returns>The router that is to be shut down, if there is one.</returns>
    public async Task<Router?> StopAsync()
    {
        Task stop;
        Router? router;
        lock (_lock)
        {
            router = _router;
            stop = _stop ??= StopCoreAsync();
        }

        await stop.ConfigureAwait(false);
        return router;
    }

    private async Task StopCoreAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _listeners.DisposeAsync().ConfigureAwait(false);
        await _pumps.ConfigureAwait(false);
        _waiting.Writer.TryComplete();
        while (_waiting.Reader.TryRead(out PeerConnection? connection))
        {
            _tasks.Add(ConnectionSet.CloseAsync(connection, ConnectionErrorCodes.ShuttingDown, "the endpoint closes"));
        }
    }

    private async Task PumpAsync(ITransportListener listener)
    {
        try
        {
            while (true)
            {
                PeerConnection connection = await listener.AcceptAsync(_closing).ConfigureAwait(false);
                await TakeAsync(connection).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException && _closing.IsCancellationRequested)
        {
        }
        catch (Exception exception)
        {
            RoutingLog.ListenerFailed(_logger, listener.LocalAddress.Describe(), exception);
        }
    }

    private async ValueTask TakeAsync(PeerConnection connection)
    {
        if (!_connections.TryAdd(connection))
        {
            Drop(connection, ConnectionErrorCodes.ShuttingDown, "the endpoint closes");
            return;
        }

        if (_admission.TryAdmitPeer(connection, out bool isForNow) is { } refusal)
        {
            Drop(connection, isForNow ? ConnectionErrorCodes.Busy : ConnectionErrorCodes.Refused, refusal);
            return;
        }

        Router? router;
        bool byHand;
        lock (_lock)
        {
            router = _router;
            byHand = _byHand;
        }

        if (router is not null)
        {
            router.Dispatch(connection);
        }
        else if (!byHand)
        {
            RoutingLog.NotServed(_logger, connection.PeerId, connection.Alpn);
            Drop(connection, ConnectionErrorCodes.NotServed, "the protocol is not served any more");
        }
        else if (!_waiting.Writer.TryWrite(connection))
        {
            // Nobody accepts for now. The listener's own queue fills up behind this one and refuses what comes then.
            try
            {
                await _waiting.Writer.WriteAsync(connection, _closing).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                Drop(connection, ConnectionErrorCodes.ShuttingDown, "the endpoint closes");
            }
        }
    }

    /// <summary>Closes a connection that nobody gets, without waiting for it.</summary>
    public void Drop(PeerConnection connection, long errorCode, string reason)
        => _tasks.Add(ConnectionSet.CloseAsync(connection, errorCode, reason));

    private void ClaimByHand()
    {
        ObjectDisposedException.ThrowIf(_stop is not null, typeof(PeerEndpoint));
        RequireListeners();
        if (_router is not null)
        {
            throw new InvalidOperationException(
                "The endpoint has a router, which accepts for it. An endpoint accepts either by hand or through a router.");
        }

        _byHand = true;
    }

    private void RequireListeners()
    {
        if (_listeners.Listeners.Count == 0)
        {
            throw new InvalidOperationException("The endpoint does not listen: it was bound with an empty ListenOn, to dial only.");
        }
    }

    private static ObjectDisposedException Closed() => new(nameof(PeerEndpoint), "The endpoint was closed.");
}
