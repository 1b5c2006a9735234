using System.Collections.Concurrent;
using IrohRpc.Channels;
using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;

namespace IrohRpc;

/// <summary>
/// A peer to call: it owns the connections to the peer, one for each contract, and makes them when calls need them. Proxies of any number of
/// contracts come from it, and end with it.
/// </summary>
/// <remarks>
/// <para>Nothing is dialled before the first call, and nothing without one, unless <see cref="PeerChannelOptions.KeepConnected"/> asks for it. A connection
/// that nobody uses is closed after <see cref="PeerChannelOptions.IdleTimeout"/>. A new connection knows nothing of the old one's streams, objects and
/// per-connection services: <see cref="Changed"/> and <see cref="Generation"/> show when there is another.</para>
/// <para>After a dial that failed, the next waits a little, and longer with each further failure, however many ask. Calls fail with the last error
/// meanwhile, or wait by <see cref="ClientOptions.WaitForReady"/>.</para>
/// <para>All members are safe to call from several threads at once.</para>
/// </remarks>
public sealed class PeerChannel : IAsyncDisposable
{
    // Of a peer that moves often, the oldest addresses are forgotten.
    private const int MostAddresses = 64;

    private readonly Lock _gate = new();
    private readonly PeerEndpoint? _endpoint;
    private readonly Func<CancellationToken, ValueTask<PeerEndpoint>> _getEndpoint;
    private readonly CancellationTokenSource _closing = new();
    private readonly CancellationToken _closingToken;
    private readonly ConcurrentDictionary<ProxyKey, Lazy<object>> _proxies = new();
    private readonly ConcurrentDictionary<ProxyKey, ContractCalls> _contracts = new();
    private readonly Action<PeerChannel>? _closed;
    private List<TransportAddress> _addresses;
    private Task? _disposal;
    private volatile bool _isDisposed;
    private int _generation;

    /// <summary>Makes a channel for an endpoint that is bound later: by a host as it starts, say. It is the caller's to dispose of; closing the endpoint ends its connections only.</summary>
    /// <param name="endpoint">
    /// Gives the endpoint; asked for each dial, whose calls wait meanwhile. Where there is none it throws a <see cref="PeerException"/>, which the calls fail
    /// with as if the dial had.
    /// </param>
    /// <param name="peer">Whom to call, and where it may be.</param>
    /// <param name="options">How it keeps its connections; null for the defaults. Its <see cref="PeerChannelOptions.Calls"/> say the clock and the log, the system's and none by default.</param>
    public PeerChannel(Func<CancellationToken, ValueTask<PeerEndpoint>> endpoint, EndpointAddress peer, PeerChannelOptions? options = null)
        : this(null, endpoint ?? throw new ArgumentNullException(nameof(endpoint)), peer ?? throw new ArgumentNullException(nameof(peer)), options, null)
    {
    }

    internal PeerChannel(PeerEndpoint endpoint, EndpointAddress peer, PeerChannelOptions? options, Action<PeerChannel>? closed = null)
        : this(endpoint, _ => new(endpoint), peer, options, closed)
    {
    }

    private PeerChannel(
        PeerEndpoint? endpoint,
        Func<CancellationToken, ValueTask<PeerEndpoint>> getEndpoint,
        EndpointAddress peer,
        PeerChannelOptions? options,
        Action<PeerChannel>? closed)
    {
        _endpoint = endpoint;
        _getEndpoint = getEndpoint;
        _addresses = [.. peer.Addresses];
        _closed = closed;
        _closingToken = _closing.Token;
        PeerId = peer.Id;
        Options = (options ?? new PeerChannelOptions()).Copy();
    }

    /// <summary>
    /// Raised on the thread pool after <see cref="State"/> or a connection of any contract changed. What a handler throws is logged and goes no further.
    /// </summary>
    public event EventHandler? Changed;

    /// <summary>The peer.</summary>
    public EndpointId PeerId { get; }

    /// <summary>The peer with the addresses at which it is looked for, the newest first to be kept.</summary>
    public EndpointAddress Address
    {
        get
        {
            lock (_gate)
            {
                return new EndpointAddress(PeerId, _addresses);
            }
        }
    }

    /// <summary>
    /// Where the channel stands: <see cref="ChannelState.Ready"/> where any of its contracts has a connection, otherwise the state of the one that is nearest to it.
    /// </summary>
    public ChannelState State
    {
        get
        {
            if (_isDisposed)
            {
                return ChannelState.Closed;
            }

            var states = new HashSet<ChannelState>(_contracts.Values.Select(static contract => contract.Connection.State));
            return states.Contains(ChannelState.Ready) ? ChannelState.Ready
                : states.Contains(ChannelState.Connecting) ? ChannelState.Connecting
                : states.Contains(ChannelState.BackingOff) ? ChannelState.BackingOff
                : ChannelState.Idle;
        }
    }

    /// <summary>How many connections there have been: it grows with each that is made.</summary>
    public int Generation => Volatile.Read(ref _generation);

    internal PeerChannelOptions Options { get; }

    internal CancellationToken Closing => _closingToken;

    /// <summary>Whether a dial may still bring a connection.</summary>
    internal bool CanDial => _endpoint is not { IsClosing: true };

    /// <summary>
    /// A proxy of the peer's service. All who ask for the same contract with options of the same values share one proxy and one connection; other
    /// options make a proxy and a connection of their own. The proxy needs no disposal.
    /// </summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="options">How it calls; null for <see cref="PeerChannelOptions.Calls"/>. Later changes of the object have no effect.</param>
    /// <exception cref="ObjectDisposedException">The channel was disposed of.</exception>
    public T Get<T>(ClientOptions? options = null)
        where T : class, IContract<T>
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var key = new ProxyKey(typeof(T), (ClientOptions)(options ?? Options.Calls).CopyFor(_endpoint));
        return (T)_proxies.GetOrAdd(key, added => new Lazy<object>(() => InterceptedContract.CreateProxy<T>(
            _contracts[added] = new ContractCalls(this, T.Descriptor, added.Options), InterceptorPipeline.Of(added.Options.Interceptors)))).Value;
    }

    /// <summary>The connection that calls of a proxy take now. It stays the channel's.</summary>
    /// <param name="proxy">A proxy of a channel's.</param>
    /// <returns>The connection; null where there is none, and for any other object.</returns>
    public static RpcConnection? GetConnection(object proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        return ((proxy as ContractProxy)?.Invoker as ContractCalls)?.Connection.Current;
    }

    /// <summary>Connects now, for calls of one contract, and fails now where that fails.</summary>
    /// <typeparam name="T">The contract.</typeparam>
    /// <param name="options">With which options; null for <see cref="PeerChannelOptions.Calls"/>.</param>
    /// <param name="cancellationToken">Ends the wait, not the dial, which others may share.</param>
    /// <returns>The connection, which stays the channel's.</returns>
    /// <exception cref="PeerException">The peer could not be reached, or does not speak the contract.</exception>
    /// <exception cref="ObjectDisposedException">The channel was disposed of.</exception>
    public async ValueTask<RpcConnection> ConnectAsync<T>(ClientOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IContract<T>
        => await Calls<T>(options).Connection.ConnectAsync(cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Adds addresses at which the peer may be found, as a newer ticket says. Dials from now on use them beside the older ones; a dial that waits for its
    /// time does not wait any longer.
    /// </summary>
    /// <param name="peer">The peer, with the addresses.</param>
    /// <exception cref="ArgumentException">It is another peer.</exception>
    public void AddAddresses(EndpointAddress peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (peer.Id != PeerId)
        {
            throw new ArgumentException($"The channel is to {PeerId.ToShortString()}; the addresses are those of {peer.Id.ToShortString()}.", nameof(peer));
        }

        lock (_gate)
        {
            if (peer.Addresses.All(_addresses.Contains))
            {
                return;
            }

            _addresses = [.. peer.Addresses.Concat(_addresses).Distinct().Take(MostAddresses)];
        }

        foreach (ContractCalls contract in _contracts.Values)
        {
            contract.Connection.AddressesChanged();
        }
    }

    /// <summary>Completes when every one-way call that was made before has reached the peer. It says nothing of their handlers.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RpcException">Some of them may not have arrived.</exception>
    public Task FlushAsync(CancellationToken cancellationToken = default)
        => Task.WhenAll(_contracts.Values.Select(contract => contract.Connection.FlushAsync(cancellationToken)));

    /// <summary>
    /// Takes no more calls, and closes the connections after the one-way calls made before have reached the peer, or <see cref="PeerChannelOptions.FlushTimeout"/> has passed. Those
    /// that wait for a connection are waited for as well: a dial that is under way or due goes on for them. Other calls in progress fail. Once the endpoint closes
    /// nothing is dialled any more, and what waits for a connection is dropped.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isDisposed = true;
            return new ValueTask(_disposal ??= Task.Run(CloseAsync));
        }
    }

    /// <summary>The channel of a proxy.</summary>
    /// <param name="proxy">A proxy.</param>
    /// <returns>The channel that it came from; null for any other object.</returns>
    public static PeerChannel? Of(object proxy)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        return ((proxy as ContractProxy)?.Invoker as ContractCalls)?.Channel;
    }

    internal async Task<(PeerEndpoint Endpoint, PeerConnection Connection)> DialAsync(IReadOnlyList<string> alpns, bool allowsEarlyData)
    {
        PeerEndpoint endpoint = await _getEndpoint(_closingToken).ConfigureAwait(false);
        return (endpoint, await endpoint.DialAsync(Address, alpns, allowsEarlyData, _closingToken).ConfigureAwait(false));
    }

    /// <summary>There is a new connection.</summary>
    internal void Connected()
    {
        Interlocked.Increment(ref _generation);
        StateMayHaveChanged();
    }

    /// <summary>Tells who listens. May be called under a lock.</summary>
    internal void StateMayHaveChanged()
    {
        if (Changed is not null)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static channel => channel.Raise(), this, preferLocal: false);
        }
    }

    private void Raise()
    {
        foreach (EventHandler handler in Changed?.GetInvocationList().Cast<EventHandler>() ?? [])
        {
            try
            {
                handler(this, EventArgs.Empty);
            }
            catch (Exception exception)
            {
                ChannelLog.HandlerThrew(_endpoint?.LoggerFactory ?? Options.Calls.LoggerFactory, PeerId, exception);
            }
        }
    }

    private ContractCalls Calls<T>(ClientOptions? options)
        where T : class, IContract<T>
        => (ContractCalls)((ContractProxy)(object)Get<T>(options)).Invoker;

    private async Task CloseAsync()
    {
        _closed?.Invoke(this);
        ContractConnection[] connections = [.. _contracts.Values.Select(static contract => contract.Connection)];
        Task draining = Task.WhenAll(connections.Select(static connection => connection.DrainAsync()));
        Task closing = Task.WhenAll(connections.Select(static connection => connection.CloseAsync()));

        // A dial brings the connection that posted calls wait for.
        await draining.ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Raise();
    }
}
