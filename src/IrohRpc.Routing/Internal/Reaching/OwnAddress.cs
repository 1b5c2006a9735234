using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Reach.Lookup;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>Where the endpoint can be reached, published and told to whoever watches whenever it changes.</summary>
internal sealed class OwnAddress : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly EndpointId _id;
    private readonly IReadOnlyList<ITransportListener> _listeners;
    private readonly EndpointRelays? _relays;
    private readonly IAddressLookup? _lookup;
    private readonly AddressPublishing _publishing;
    private readonly INetworkMonitor _network;
    private readonly QuicNode _node;
    private readonly bool _traversesNats;
    private readonly OutsideAddresses _outside;
    private readonly ConnectionSet _connections;
    private readonly ILogger _logger;
    private EndpointAddress? _last;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    /// <param name="id">The endpoint's id.</param>
    /// <param name="listeners">What it listens on.</param>
    /// <param name="relays">Its relays; null for none.</param>
    /// <param name="lookup">Where its address is published; null for nowhere.</param>
    /// <param name="publishing">How much of it.</param>
    /// <param name="node">The sockets of QUIC, which hear of changes of the network.</param>
    /// <param name="traversesNats">Whether connections look for direct paths, so that the sockets' candidates are kept up to date.</param>
    /// <param name="outside">Where peers outside reach this endpoint; disposed of with this object.</param>
    /// <param name="network">Tells of changes of the network; disposed of with this object.</param>
    /// <param name="connections">The connections, which hear of such changes.</param>
    /// <param name="logger">Where log lines go.</param>
    public OwnAddress(
        EndpointId id,
        IReadOnlyList<ITransportListener> listeners,
        EndpointRelays? relays,
        IAddressLookup? lookup,
        AddressPublishing publishing,
        QuicNode node,
        bool traversesNats,
        OutsideAddresses outside,
        INetworkMonitor network,
        ConnectionSet connections,
        ILogger logger)
    {
        _network = network;
        _node = node;
        _traversesNats = traversesNats;
        _outside = outside;
        _outside.Changed = Update;
        _connections = connections;
        _relays = relays;
        _id = id;
        _listeners = listeners;
        _lookup = lookup;
        _publishing = publishing;
        _logger = logger;
    }

    /// <summary>The address as it is now.</summary>
    public EndpointAddress Current
    {
        get
        {
            IReadOnlyList<TransportAddress> local = AdvertisedAddresses.Of(_listeners.Select(listener => listener.LocalAddress));
            IEnumerable<TransportAddress> outside = _listeners.Count == 0 ? [] : _outside.Published.Select(TransportAddress.Ip);
            var address = new EndpointAddress(_id, [.. local.Concat(outside).Distinct()]);
            return _relays?.Home is { } home ? address.With(home) : address;
        }
    }

    /// <summary>Publishes the address, now and whenever it changes.</summary>
    public void Start()
    {
        TellMachineAddresses();
        _relays?.Start(Update);
        _outside.Start();
        _network.Start(HandleNetworkChanged);
        Update();
    }

    /// <summary>The address may have changed.</summary>
    public void Update()
    {
        EndpointAddress current = Current;
        lock (_lock)
        {
            if (_isDisposed || current == _last)
            {
                return;
            }

            _last = current;
            Publish(current);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The address, now and whenever it has changed.</summary>
    public async IAsyncEnumerable<EndpointAddress> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        EndpointAddress? last = null;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
            }

            EndpointAddress current = Current;
            if (current != last)
            {
                last = current;
                yield return current;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Publishes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _network.Dispose();
        lock (_lock)
        {
            _isDisposed = true;
        }

        await _outside.DisposeAsync().ConfigureAwait(false);
    }

    private void TellMachineAddresses()
    {
        if (_traversesNats)
        {
            _node.SetMachineAddresses([.. MachineAddresses.Usable(AddressFamily.InterNetwork), .. MachineAddresses.Usable(AddressFamily.InterNetworkV6)]);
        }
    }

    private void HandleNetworkChanged()
    {
        IReadOnlySet<IPAddress> addresses = _network.Addresses;
        _node.HandleNetworkChanged(addresses);
        TellMachineAddresses();
        RoutingLog.NetworkChanged(_logger, addresses.Count);
        _relays?.Network.HandleNetworkChanged();
        _outside.HandleNetworkChanged();
        Update();
        foreach (PeerConnection connection in _connections.Snapshot())
        {
            connection.HandleNetworkChanged(addresses);
        }
    }

    // Within the lock, so that what is published last is what holds; a lookup takes it and returns at once.
    private void Publish(EndpointAddress address)
    {
        if (_lookup is null || _publishing == AddressPublishing.Nothing || address.Addresses.Count == 0)
        {
            return;
        }

        var data = new EndpointData(address.Addresses);
        _lookup.Publish(_publishing == AddressPublishing.RelayOnly ? data.RelayOnly() : data);
        RoutingLog.Published(_logger, string.Join(", ", address.Addresses));
    }
}
