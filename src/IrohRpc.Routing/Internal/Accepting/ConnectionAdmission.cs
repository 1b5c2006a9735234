using System.Collections.Concurrent;
using IrohRpc.Routing.Internal;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>
/// Who gets in: the owner's two rules and the limits of <see cref="ConnectionLimits"/>. Listeners ask it before each handshake; the endpoint asks
/// it once more when the peer is known.
/// </summary>
internal sealed class ConnectionAdmission : IHandshakeAdmission
{
    private readonly ConnectionLimits _limits;
    private readonly Func<TransportAddress, bool>? _admitAddress;
    private readonly Func<EndpointId, bool>? _admitPeer;
    private readonly RefusalLog _refusals;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<(TransportAddressKind Kind, ulong Number), HandshakeLine> _handshakes = new();
    private readonly ConnectionLine _connections;
    private readonly KeyedLimit<EndpointId> _perPeer;
    private volatile bool _closed;

    public ConnectionAdmission(
        ConnectionLimits limits, Func<TransportAddress, bool>? admitAddress, Func<EndpointId, bool>? admitPeer, RefusalLog refusals, TimeProvider clock, ILogger logger)
    {
        _refusals = refusals;
        _limits = limits;
        _admitAddress = admitAddress;
        _admitPeer = admitPeer;
        _logger = logger;
        _connections = new(limits.MaxConnections, limits.MaxConnectionsPerAddress, limits.IdleToGiveWay, clock);
        _perPeer = new(limits.MaxConnectionsPerPeer);
    }

    /// <summary>Whether everybody is turned away, since nobody is there to serve them for now.</summary>
    public bool IsClosed
    {
        get => _closed;
        set => _closed = value;
    }

    /// <summary>Closes a connection whose place another dialler has.</summary>
    public Action<PeerConnection> CloseIdle { get; set; } = static _ => { };

    /// <summary>How many leases are held: handshakes and connections.</summary>
    public int Connections => _connections.Count;

    /// <summary>How many of them are handshakes.</summary>
    public int Handshakes => _handshakes.Values.Sum(static line => line.Count);

    /// <summary>How many addresses and how many peers are being counted.</summary>
    public (int Addresses, int Peers) Keys => (_connections.SourceCount, _perPeer.KeyCount);

    /// <summary>How many connections are being counted for a peer.</summary>
    public int ConnectionsOf(EndpointId peer) => _perPeer.CountOf(peer);

    /// <inheritdoc/>
    public IHandshakeLease? TryAdmit(TransportAddress remoteAddress)
    {
        string? refusal = null;
        var source = SourceKey.Of(remoteAddress);
        ConnectionLine.Place? place = null;
        HandshakeLine.Place? handshake = null;
        if (_closed)
        {
            refusal = "nothing is served for now";
        }
        else if (!Ask(_admitAddress, remoteAddress, nameof(PeerEndpointOptions.AdmitAddress)))
        {
            refusal = "the address is not admitted";
        }
        else if ((handshake = LineOf(remoteAddress).TryEnter(source)) is null)
        {
            refusal = "too many handshakes are in progress";
        }
        else if (!_connections.TryEnter(source, out place, out refusal))
        {
            handshake.Leave();
        }

        if (refusal is not null)
        {
            _refusals.Address(remoteAddress.Describe, refusal);
            return null;
        }

        return new Lease(this, place!, handshake!);
    }

    /// <summary>Decides on an authenticated connection; one that is admitted is counted for its peer until it ends.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isForNow">Where it is not admitted: whether another attempt may be.</param>
    /// <returns>Null to admit; otherwise why not, in words that the peer may see.</returns>
    public string? TryAdmitPeer(PeerConnection connection, out bool isForNow)
    {
        isForNow = false;
        EndpointId peer = connection.PeerId;
        string? refusal = null;
        if (!Ask(_admitPeer, peer, nameof(PeerEndpointOptions.AdmitPeer)))
        {
            refusal = "this peer is not admitted";
        }
        else if (!_perPeer.TryTake(peer))
        {
            refusal = "there are too many connections of this peer";
            isForNow = true;
        }

        if (refusal is not null)
        {
            _refusals.Peer(connection, refusal);
            return refusal;
        }

        connection.Closed.ContinueWith(
            static (_, state) =>
            {
                var (self, ended) = ((ConnectionAdmission, EndpointId))state!;
                self._perPeer.Release(ended);
            },
            (this, peer),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return null;
    }

    private HandshakeLine LineOf(TransportAddress address)
        => _handshakes.GetOrAdd((address.Kind, address.Number), static (_, limits) => new HandshakeLine(limits.MaxHandshakes, limits.MaxHandshakesPerAddress), _limits);

    private bool Ask<T>(Func<T, bool>? rule, T who, string name)
    {
        try
        {
            return rule is null || rule(who);
        }
        catch (Exception exception)
        {
            RoutingLog.AdmissionThrew(_logger, name, exception);
            return false;
        }
    }

    private sealed class Lease(ConnectionAdmission owner, ConnectionLine.Place place, HandshakeLine.Place handshake) : IHandshakeLease
    {
        public void Begin(IPendingHandshake pending) => handshake.Handshake = pending;

        public void HandshakeCompleted(EndpointId peerId) => handshake.Leave();

        public void HandshakeCompleted(PeerConnection connection)
        {
            handshake.Leave();
            place.Connected(() => connection.Traffic, () => owner.CloseIdle(connection));
        }

        public void Dispose()
        {
            handshake.Leave();
            place.Leave();
        }
    }
}
