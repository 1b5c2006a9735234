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
    private readonly KeyedLimit<SourceKey> _perAddress;
    private readonly KeyedLimit<EndpointId> _perPeer;
    private volatile bool _closed;
    private int _connections;

    public ConnectionAdmission(
        ConnectionLimits limits, Func<TransportAddress, bool>? admitAddress, Func<EndpointId, bool>? admitPeer, RefusalLog refusals, ILogger logger)
    {
        _refusals = refusals;
        _limits = limits;
        _admitAddress = admitAddress;
        _admitPeer = admitPeer;
        _logger = logger;
        _perAddress = new(limits.MaxConnectionsPerAddress);
        _perPeer = new(limits.MaxConnectionsPerPeer);
    }

    /// <summary>Whether everybody is turned away, since nobody is there to serve them for now.</summary>
    public bool IsClosed
    {
        get => _closed;
        set => _closed = value;
    }

    /// <summary>How many leases are held: handshakes and connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>How many of them are handshakes.</summary>
    public int Handshakes => _handshakes.Values.Sum(static line => line.Count);

    /// <summary>How many addresses and how many peers are being counted.</summary>
    public (int Addresses, int Peers) Keys => (_perAddress.KeyCount, _perPeer.KeyCount);

    /// <summary>How many connections are being counted for a peer.</summary>
    public int ConnectionsOf(EndpointId peer) => _perPeer.CountOf(peer);

    /// <inheritdoc/>
    public IHandshakeLease? TryAdmit(TransportAddress remoteAddress)
    {
        string? refusal = null;
        var source = SourceKey.Of(remoteAddress);
        HandshakeLine.Place? place = null;
        if (_closed)
        {
            refusal = "nothing is served for now";
        }
        else if (!Ask(_admitAddress, remoteAddress, nameof(PeerEndpointOptions.AdmitAddress)))
        {
            refusal = "the address is not admitted";
        }
        else if (!TryTake(ref _connections, _limits.MaxConnections))
        {
            refusal = "there are too many connections";
        }
        else if (!_perAddress.TryTake(source))
        {
            Interlocked.Decrement(ref _connections);
            refusal = "there are too many connections from this address";
        }
        else if ((place = LineOf(remoteAddress).TryEnter(source)) is null)
        {
            Release(source);
            refusal = "too many handshakes are in progress";
        }

        if (refusal is not null)
        {
            _refusals.Address(remoteAddress.Describe, refusal);
            return null;
        }

        return new Lease(this, source, place!);
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

    // In the reverse of the order of taking: whoever sees a place free in the total finds that of the address free too.
    private void Release(SourceKey source)
    {
        _perAddress.Release(source);
        Interlocked.Decrement(ref _connections);
    }

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

    private static bool TryTake(ref int count, int limit)
    {
        int seen = Volatile.Read(ref count);
        while (seen < limit)
        {
            int before = Interlocked.CompareExchange(ref count, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    private sealed class Lease(ConnectionAdmission owner, SourceKey source, HandshakeLine.Place place) : IHandshakeLease
    {
        private int _isReleased;

        public void Begin(IPendingHandshake handshake) => place.Handshake = handshake;

        public void HandshakeCompleted(EndpointId peerId) => place.Leave();

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            {
                place.Leave();
                owner.Release(source);
            }
        }
    }
}
