using IrohRpc.Identity;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Routing.Internal;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Routing.Internal.Binding;
using IrohRpc.Routing.Internal.Dialling;
using IrohRpc.Routing.Internal.Reaching;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc;

/// <summary>
/// This program among its peers: it has an id, listens on every transport that it has, dials other peers and accepts connections from them.
/// </summary>
/// <remarks>
/// <para>Accepting is for an accept loop by hand (<see cref="SetAlpnsAsync"/>, <see cref="AcceptAsync"/>) or for a router
/// (<see cref="Route"/>), one of the two; dialling goes with either. Until one of them says what is accepted, everybody is refused.</para>
/// <para>All members are safe to call from several threads at once.</para>
/// </remarks>
public sealed class PeerEndpoint : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closingToken;
    private readonly EndpointParts _parts;
    private readonly Dialler _dialler;
    private readonly OwnAddress _address;
    private readonly ConnectionSet _connections = new();
    private readonly OwnedTasks _tasks;
    private readonly OwnedObjects _owned;
    private Task? _close;

    private PeerEndpoint(PeerEndpointOptions options, EndpointParts parts, ILogger logger)
    {
        _closingToken = _closing.Token;
        _parts = parts;
        MaxBufferedBytes = options.MaxBufferedBytes;
        DrainTimeout = options.DrainTimeout;
        EndpointRelays? relays = parts.Relays;
        TransportSettings settings = parts.Settings;
        _tasks = new(logger);
        _owned = new(HasBegunToClose);
        _dialler = new(
            relays is null ? [.. options.Transports] : [.. options.Transports, relays.Transport],
            settings,
            parts.Lookups!.Combined,
            new DialTimes(options.DialTimeout, options.StaggerDelay, options.TimeProvider),
            _connections,
            _tasks,
            HasBegunToClose,
            logger,
            _closingToken);
        var node = QuicNode.Of(settings);
        _address = new(
            Id,
            parts.Listeners,
            relays,
            parts.Lookups.Combined,
            options.Publishing,
            node,
            settings.TraversesNats,
            new OutsideAddresses(options, settings.TraversesNats ? node : null, parts.Listeners, logger),
            options.NetworkMonitor ?? new SystemNetworkMonitor(options.TimeProvider),
            _connections,
            logger);
        var listeners = new ListenerSet(relays?.Listener is { } relayed ? [.. parts.Listeners, relayed] : parts.Listeners, logger);
        Acceptor = new(listeners, [.. options.Alpns], settings.AcceptBacklog, parts.Admission, _connections, _tasks, logger, _closingToken);
    }

    /// <summary>Makes an endpoint and starts to listen.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up binding and releases what was bound.</param>
    /// <returns>The endpoint, which the caller owns.</returns>
    /// <exception cref="PeerException">
    /// <see cref="PeerErrorKind.AddressInUse"/>: an address cannot be bound; <see cref="PeerErrorKind.TransportUnsupported"/>: none of the
    /// transports works on this machine.
    /// </exception>
    public static async ValueTask<PeerEndpoint> BindAsync(
        PeerEndpointOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = options?.Copy() ?? new();
        ILogger logger = options.LoggerFactory.CreateLogger<PeerEndpoint>();
        EndpointParts parts = await EndpointParts.BindAsync(options, logger, cancellationToken).ConfigureAwait(false);
        var endpoint = new PeerEndpoint(options, parts, logger);
        endpoint.Acceptor.Start();
        endpoint._address.Start();
        RoutingLog.Listening(
            logger, endpoint.Id, string.Join(", ", parts.Listeners.Select(listener => listener.LocalAddress.Describe()).DefaultIfEmpty("nothing")));
        return endpoint;
    }

    /// <summary>Who this endpoint is.</summary>
    public EndpointId Id => _parts.Certificates.Id;

    /// <summary>What proves who this endpoint is.</summary>
    internal PeerCertificateSource Certificates => _parts.Certificates;

    /// <summary>
    /// The id and where the endpoint can be reached: what it really listens on. Where it listens on all addresses (0.0.0.0, ::), the machine's
    /// usable ones stand for them, looked up anew on each call: those of interfaces that are up, without loopback, link-local and, where the
    /// system tells, temporary ones; loopback if there are no others.
    /// </summary>
    public EndpointAddress Address => _address.Current;

    /// <summary><see cref="Address"/> as one string that a person can paste.</summary>
    public EndpointTicket Ticket => new(Address);

    /// <summary><see cref="Address"/>, now and whenever it has changed: the machine has come into another network, for one.</summary>
    /// <param name="cancellationToken">Ends the sequence.</param>
    public IAsyncEnumerable<EndpointAddress> WatchAddressAsync(CancellationToken cancellationToken = default) => _address.WatchAsync(cancellationToken);

    /// <summary>How the endpoint stands with its home relay; null where it has no relays, or does not listen.</summary>
    public HomeRelayStatus? HomeRelay
    {
        get
        {
            if (_parts.Relays is not { Listener: not null } relays)
            {
                return null;
            }

            (string? url, bool isConnected) = relays.Network.GetHome();
            return new HomeRelayStatus(url is null ? null : new Uri(url), isConnected);
        }
    }

    /// <summary>
    /// Waits until the home relay is connected, so that <see cref="Address"/> names it and peers reach this endpoint there. Completes at once where the
    /// endpoint has no relays, or does not listen.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The endpoint was closed.</exception>
    public ValueTask WaitOnlineAsync(CancellationToken cancellationToken = default)
        => _parts.Relays is { Listener: not null } relays ? new(relays.Network.WaitOnlineAsync(cancellationToken)) : ValueTask.CompletedTask;

    /// <summary>The transports that do not work on this machine, and why: MsQuic, if chosen, where libmsquic is missing.</summary>
    public IReadOnlyList<UnavailableTransport> UnavailableTransports => _parts.Unavailable;

    internal ConnectionAcceptor Acceptor { get; }

    internal ConnectionAdmission Admission => _parts.Admission;

    internal TimeSpan DrainTimeout { get; }

    internal TimeProvider TimeProvider => _parts.Settings.TimeProvider;

    /// <summary>What all peers together may make the protocols hold.</summary>
    internal long MaxBufferedBytes { get; }

    internal ILoggerFactory LoggerFactory => _parts.Settings.LoggerFactory;

    /// <summary>The connections that are open as of now, dialled and accepted. They stay their owners'.</summary>
    public IReadOnlyList<PeerConnection> Connections => _connections.Snapshot();

    /// <summary>Connects to a peer by whichever of its addresses answers first.</summary>
    /// <remarks>
    /// <para>The addresses are raced as RFC 8305 has it: first those of the first transport, IPv6 and IPv4 in turn, the next one starting when
    /// <see cref="PeerEndpointOptions.StaggerDelay"/> has gone by or an earlier one failed; after the first two, transports take turns. The first
    /// to authenticate the peer wins and is <see cref="PeerConnection.RemoteAddress"/>; the others are cancelled or closed
    /// (<see cref="ConnectionErrorCodes.LostRace"/>). A failure at one address, another peer there above all, does not end the dial; if all
    /// fail, the error has the most telling kind and lists every attempt. At most 32 addresses are tried, by chance among more. The address at which
    /// the peer was reached last is tried first, and alone where the peer comes without any.</para>
    /// <para>A peer that comes without addresses is looked up (<see cref="PeerEndpointOptions.AddressLookups"/>), and so is one whose first addresses are slow
    /// or fail: what the lookups find joins the race.</para>
    /// <para>A peer turns a dialler away by its address before the handshake, which fails the dial, or by its id after it. The dial may have
    /// succeeded by then: operations on the connection throw <see cref="PeerErrorKind.Refused"/> as soon as the refusal arrives, and
    /// <see cref="ConnectionEnd.IsRefusal"/> says it.</para>
    /// <para>An endpoint may dial itself, as any other peer.</para>
    /// </remarks>
    /// <param name="peer">Whom to reach, and where it may be.</param>
    /// <param name="alpns">What is offered, at least one. The acceptor chooses, by its own order.</param>
    /// <param name="cancellationToken">Gives up the dial.</param>
    /// <returns>The connection, which the caller owns.</returns>
    /// <exception cref="PeerException">
    /// <see cref="PeerErrorKind.NoAddress"/>: the peer comes without an address, and no lookup knows one; <see cref="PeerErrorKind.TransportUnsupported"/>: no transport at
    /// hand can dial any of them; <see cref="PeerErrorKind.Unreachable"/>, <see cref="PeerErrorKind.Refused"/>,
    /// <see cref="PeerErrorKind.NoCommonAlpn"/>, <see cref="PeerErrorKind.WrongPeer"/>, <see cref="PeerErrorKind.AuthenticationFailed"/>,
    /// <see cref="PeerErrorKind.ConnectionLost"/>: what came of it; <see cref="PeerErrorKind.TimedOut"/>: no answer within
    /// <see cref="PeerEndpointOptions.DialTimeout"/>; <see cref="PeerErrorKind.ClosedLocally"/>: this endpoint was closed meanwhile.
    /// </exception>
    /// <exception cref="ArgumentException">An ALPN is malformed or stands twice, or there is none.</exception>
    /// <exception cref="ObjectDisposedException">The endpoint was closed before the call.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<PeerConnection> DialAsync(
        EndpointAddress peer, IReadOnlyList<string> alpns, CancellationToken cancellationToken = default)
        => DialAsync(peer, alpns, allowsEarlyData: false, cancellationToken);

    /// <summary>The same; the connection may be there before its handshake is over.</summary>
    internal ValueTask<PeerConnection> DialAsync(
        EndpointAddress peer, IReadOnlyList<string> alpns, bool allowsEarlyData, CancellationToken cancellationToken)
        => _dialler.DialAsync(peer, alpns, allowsEarlyData, cancellationToken);

    /// <inheritdoc cref="DialAsync(EndpointAddress, IReadOnlyList{string}, CancellationToken)"/>
    public ValueTask<PeerConnection> DialAsync(EndpointAddress peer, string alpn, CancellationToken cancellationToken = default)
        => DialAsync(peer, [alpn], cancellationToken);

    /// <summary>Sets which ALPNs later handshakes may agree on, first preferred, for an accept loop by hand.</summary>
    /// <param name="alpns">The ALPNs; empty refuses all.</param>
    /// <param name="cancellationToken">Gives up; each listener then stands at the old or the new list.</param>
    /// <exception cref="ArgumentException">An ALPN is malformed or stands twice.</exception>
    /// <exception cref="InvalidOperationException">The endpoint has a router, or does not listen.</exception>
    /// <exception cref="ObjectDisposedException">The endpoint was closed.</exception>
    public ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken = default)
        => Acceptor.SetAlpnsByHandAsync(AlpnNames.Require(alpns, nameof(alpns)), cancellationToken);

    /// <summary>The next connection that a peer made to this endpoint, on any transport.</summary>
    /// <param name="cancellationToken">Ends the wait; the connection stays for the next call.</param>
    /// <returns>The connection, which the caller owns.</returns>
    /// <exception cref="InvalidOperationException">The endpoint has a router, or does not listen.</exception>
    /// <exception cref="ObjectDisposedException">The endpoint was closed, before the call or during it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken = default)
        => Acceptor.AcceptAsync(cancellationToken);

    /// <summary>Begins a router for this endpoint; it accepts once it is started.</summary>
    public RouterBuilder Route() => new(this);

    /// <summary>
    /// Stops listening and dialling, shuts a router down with its drain, then closes every connection that the endpoint made or accepted with
    /// <see cref="ConnectionErrorCodes.ShuttingDown"/>. Happens once; every caller waits for the same end.
    /// </summary>
    /// <param name="cancellationToken">Ends this caller's wait, not the closing.</param>
    public ValueTask CloseAsync(CancellationToken cancellationToken = default)
    {
        Task close;
        lock (_lock)
        {
            close = _close ??= CloseCoreAsync();
        }

        return new(close.WaitAsync(cancellationToken));
    }

    /// <summary>Closes as <see cref="CloseAsync"/> does.</summary>
    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>Whether the endpoint is closed or about to be.</summary>
    internal bool IsClosing => _closingToken.IsCancellationRequested;

    /// <summary>The one object of its type that the endpoint owns for a layer above, made when it is first asked for and disposed of with the endpoint.</summary>
    internal T GetOwned<T>(Func<PeerEndpoint, T> create)
        where T : class, IAsyncDisposable
        => _owned.Get(() => create(this));

    private bool HasBegunToClose()
    {
        lock (_lock)
        {
            return _close is not null;
        }
    }

    private async Task CloseCoreAsync()
    {
        // Everything below may run code that is not ours, which must not happen under the caller's lock.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await _closing.CancelAsync().ConfigureAwait(false);
        await _address.DisposeAsync().ConfigureAwait(false);
        Router? router = await Acceptor.StopAsync().ConfigureAwait(false);
        if (router is not null)
        {
            await router.ShutdownAsync().ConfigureAwait(false);
        }

        await _owned.DisposeAsync().ConfigureAwait(false);
        foreach (PeerConnection connection in _connections.Stop())
        {
            Acceptor.Drop(connection, ConnectionErrorCodes.ShuttingDown, "the endpoint closes");
        }

        await _tasks.WhenAllAsync().ConfigureAwait(false);
        await _parts.DisposeAsync().ConfigureAwait(false);
        _closing.Dispose();
    }
}
