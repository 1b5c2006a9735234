using IrohRpc.Identity;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Reach.Relay;
using IrohRpc.Routing.Internal;
using IrohRpc.Routing.Internal.Accepting;
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
    private readonly IReadOnlyList<ITransport> _transports;
    private readonly TransportSettings _settings;
    private readonly SecretKey? _ownedKey;
    private readonly DialTimes _dialTimes;
    private readonly ListenerSet _listeners;
    private readonly EndpointLookups _lookups;
    private readonly EndpointRelays? _relays;
    private readonly OwnAddress _address;
    private readonly ConnectionSet _connections;
    private readonly OwnedTasks _tasks;
    private readonly LastGoodAddresses _lastGood = new();
    private readonly ILogger _logger;
    private readonly Dictionary<Type, IAsyncDisposable> _owned = [];
    private Task? _close;

    private PeerEndpoint(
        PeerEndpointOptions options,
        SecretKey? ownedKey,
        TransportSettings settings,
        ConnectionAdmission admission,
        EndpointLookups lookups,
        EndpointRelays? relays,
        IReadOnlyList<ITransportListener> listeners,
        IReadOnlyList<UnavailableTransport> unavailable,
        ILogger logger)
    {
        _closingToken = _closing.Token;
        _transports = relays is null ? [.. options.Transports] : [.. options.Transports, relays.Transport];
        _settings = settings;
        _ownedKey = ownedKey;
        _logger = logger;
        MaxBufferedBytes = options.MaxBufferedBytes;
        _dialTimes = new(options.DialTimeout, options.StaggerDelay, options.TimeProvider);
        _connections = new();
        _tasks = new(logger);
        _listeners = new(relays?.Listener is { } relayed ? [.. listeners, relayed] : listeners, logger);
        _lookups = lookups;
        _relays = relays;
        INetworkMonitor network = options.NetworkMonitor ?? new SystemNetworkMonitor(options.TimeProvider);
        var node = QuicNode.Of(settings);
        _address = new(
            settings.Certificates.Id,
            listeners,
            relays,
            lookups.Combined,
            options.Publishing,
            node,
            settings.TraversesNats,
            new OutsideAddresses(options, settings.TraversesNats ? node : null, listeners, logger),
            network,
            _connections,
            logger);
        Admission = admission;
        DrainTimeout = options.DrainTimeout;
        UnavailableTransports = unavailable;
        Acceptor = new(_listeners, [.. options.Alpns], settings.AcceptBacklog, admission, _connections, _tasks, logger, _closingToken);
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
        ITransport[] supported = [.. options.Transports.Where(transport => transport.UnsupportedReason is null)];
        UnavailableTransport[] unavailable =
        [
            .. options.Transports
                .Where(transport => transport.UnsupportedReason is not null)
                .Select(transport => new UnavailableTransport(transport.Name, transport.UnsupportedReason!)),
        ];
        if (supported.Length == 0)
        {
            throw new PeerException(
                PeerErrorKind.TransportUnsupported,
                "None of the endpoint's transports works on this machine: "
                    + string.Join("; ", unavailable.Select(transport => $"{transport.Name}: {transport.Reason}")));
        }

        foreach (UnavailableTransport transport in unavailable)
        {
            RoutingLog.TransportUnavailable(logger, transport.Name, transport.Reason);
        }

        SecretKey? ownedKey = options.SecretKey is null ? SecretKey.Generate() : null;
        PeerCertificateSource? certificates = null;
        EndpointLookups? lookups = null;
        EndpointRelays? relays = null;
        try
        {
            SecretKey key = options.SecretKey ?? ownedKey!;
            certificates = new(key);
            lookups = EndpointLookups.Create(options, key, logger);
            TransportSettings settings = options.ToTransportSettings(certificates);
            string[] alpns = [.. options.Alpns];

            // Closed before the first listener asks: a peer that comes while the endpoint is being bound is told to come again, not that it will never be served.
            var admission = new ConnectionAdmission(options.Limits, options.AdmitAddress, options.AdmitPeer, new RefusalLog(logger, options.TimeProvider), options.TimeProvider, logger)
            {
                IsClosed = alpns.Length == 0,
            };
            var binding = new ListenerBinding(
                supported, [.. options.ListenOn], at => new ListenRequest(at, alpns, settings) { Admission = admission });
            relays = EndpointRelays.Create(options, key);
            IReadOnlyList<ITransportListener> listeners = await binding.BindAsync(cancellationToken).ConfigureAwait(false);
            if (relays is not null && listeners.Count > 0)
            {
                await relays.ListenAsync(new ListenRequest(new(System.Net.IPAddress.Any, 0), alpns, settings) { Admission = admission }).ConfigureAwait(false);
            }

            var endpoint = new PeerEndpoint(options, ownedKey, settings, admission, lookups, relays, listeners, unavailable, logger);
            endpoint.Acceptor.Start();
            endpoint._address.Start();
            RoutingLog.Listening(
                logger, endpoint.Id, string.Join(", ", listeners.Select(listener => listener.LocalAddress.Describe()).DefaultIfEmpty("nothing")));
            return endpoint;
        }
        catch
        {
            if (relays is not null)
            {
                await relays.DisposeAsync().ConfigureAwait(false);
            }

            if (lookups is not null)
            {
                await lookups.DisposeAsync().ConfigureAwait(false);
            }

            certificates?.Dispose();
            ownedKey?.Dispose();
            throw;
        }
    }

    /// <summary>Who this endpoint is.</summary>
    public EndpointId Id => _settings.Certificates.Id;

    /// <summary>What proves who this endpoint is.</summary>
    internal PeerCertificateSource Certificates => _settings.Certificates;

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
            if (_relays?.Listener is null)
            {
                return null;
            }

            (string? url, bool isConnected) = _relays.Network.GetHome();
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
        => _relays?.Listener is null ? ValueTask.CompletedTask : new(_relays.Network.WaitOnlineAsync(cancellationToken));

    /// <summary>The transports that do not work on this machine, and why: MsQuic, if chosen, where libmsquic is missing.</summary>
    public IReadOnlyList<UnavailableTransport> UnavailableTransports { get; }

    internal ConnectionAcceptor Acceptor { get; }

    internal ConnectionAdmission Admission { get; }

    internal TimeSpan DrainTimeout { get; }

    internal TimeProvider TimeProvider => _settings.TimeProvider;

    /// <summary>What all peers together may make the protocols hold.</summary>
    internal long MaxBufferedBytes { get; }

    internal ILoggerFactory LoggerFactory => _settings.LoggerFactory;

    /// <summary>The connections that are open as of now, dialled and accepted. They stay their owners'.</summary>
    public IReadOnlyList<PeerConnection> Connections => _connections.Snapshot();

    /// <summary>How many connections are open, dialled and accepted.</summary>
    internal int OpenConnections => _connections.Count;

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
    internal async ValueTask<PeerConnection> DialAsync(
        EndpointAddress peer, IReadOnlyList<string> alpns, bool allowsEarlyData, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        string[] offered = AlpnNames.Require(alpns, nameof(alpns));
        if (offered.Length == 0)
        {
            throw new ArgumentException("A dial offers at least one ALPN.", nameof(alpns));
        }

        cancellationToken.ThrowIfCancellationRequested();
        TransportAddress? lastGood = _lastGood.Find(peer.Id);
        if (peer.Addresses.Count == 0 && lastGood is not null)
        {
            peer = peer.With(lastGood);
        }

        var plan = DialPlan.Create(peer.Addresses, _transports, lastGood);
        DialOperation? dial = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_close is not null, this);
            if (plan.Candidates.Count > 0 || _lookups.Combined is not null)
            {
                var request = new DialRequest(peer.Id, offered, _settings) { AllowsEarlyData = allowsEarlyData };
                dial = new(request, plan, _lookups.Combined, _dialTimes, _connections, _logger);
            }
        }

        if (dial is null)
        {
            throw peer.Addresses.Count == 0 ? DialFailure.NoAddress(peer.Id) : DialFailure.NothingToTry(peer.Id, plan);
        }

        _tasks.Add(dial.RunAsync(cancellationToken, _closingToken));
        try
        {
            PeerConnection connection = await dial.Result.ConfigureAwait(false);
            _lastGood.Reached(peer.Id, connection.RemoteAddress);
            return connection;
        }
        catch (PeerException)
        {
            _lastGood.Failed(peer.Id);
            throw;
        }
    }

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
    {
        lock (_lock)
        {
            if (!_owned.TryGetValue(typeof(T), out IAsyncDisposable? owned))
            {
                ObjectDisposedException.ThrowIf(_close is not null, this);
                owned = create(this);
                _owned.Add(typeof(T), owned);
            }

            return (T)owned;
        }
    }

    private async Task DisposeOwnedAsync()
    {
        IAsyncDisposable[] owned;
        lock (_lock)
        {
            owned = [.. _owned.Values];
        }

        foreach (IAsyncDisposable one in owned)
        {
            await one.DisposeAsync().ConfigureAwait(false);
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

        await DisposeOwnedAsync().ConfigureAwait(false);
        foreach (PeerConnection connection in _connections.Stop())
        {
            Acceptor.Drop(connection, ConnectionErrorCodes.ShuttingDown, "the endpoint closes");
        }

        await _tasks.WhenAllAsync().ConfigureAwait(false);
        if (_relays is not null)
        {
            await _relays.DisposeAsync().ConfigureAwait(false);
        }

        await _lookups.DisposeAsync().ConfigureAwait(false);
        _settings.Certificates.Dispose();
        _ownedKey?.Dispose();
        _closing.Dispose();
    }
}
