using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>Sessions and address tokens of peers that were dialled, for later dials. Bounded: whoever was not dialled for longest is forgotten.</summary>
internal sealed class KnownPeers
{
    private const int MaxPeers = 256;
    private const int MaxSessionsPerPeer = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointId, LinkedListNode<Peer>> _peers = [];
    private readonly LinkedList<Peer> _byUse = new();
    private readonly TimeProvider _timeProvider;

    /// <summary>Starts with nobody known.</summary>
    /// <param name="timeProvider">The clock by which sessions go out of date.</param>
    public KnownPeers(TimeProvider timeProvider) => _timeProvider = timeProvider;

    /// <summary>Remembers a session, which is the store's from here on.</summary>
    /// <param name="session">The session.</param>
    /// <param name="address">Where the peer is.</param>
    public void Add(TlsSession session, TransportAddress address)
    {
        lock (_lock)
        {
            Peer peer = Use(session.PeerId);
            peer.Address = address;
            Queue<TlsSession> sessions = peer.Sessions;
            sessions.Enqueue(session);
            if (sessions.Count > MaxSessionsPerPeer)
            {
                sessions.Dequeue().Dispose();
            }
        }
    }

    /// <summary>Remembers an address token.</summary>
    public void Add(EndpointId peer, byte[] token)
    {
        lock (_lock)
        {
            Use(peer).Token = token;
        }
    }

    /// <summary>Whether the peer was at this address when it was met last.</summary>
    public bool WasAt(EndpointId peer, TransportAddress address)
    {
        lock (_lock)
        {
            return _peers.TryGetValue(peer, out LinkedListNode<Peer>? node) && address.Equals(node.Value.Address);
        }
    }

    /// <summary>Forgets what is known of a peer.</summary>
    public void Forget(EndpointId peer)
    {
        lock (_lock)
        {
            if (_peers.Remove(peer, out LinkedListNode<Peer>? node))
            {
                _byUse.Remove(node);
                node.Value.Dispose();
            }
        }
    }

    /// <summary>The session and token to dial with; each is given out once.</summary>
    /// <param name="peer">Who is dialled.</param>
    /// <param name="alpns">What is offered.</param>
    /// <param name="token">A token; empty where there is none.</param>
    /// <returns>A session, which the caller owns; null where there is none.</returns>
    public TlsSession? Take(EndpointId peer, IReadOnlyList<string> alpns, out byte[] token)
    {
        token = [];
        lock (_lock)
        {
            if (!_peers.TryGetValue(peer, out LinkedListNode<Peer>? node))
            {
                return null;
            }

            token = node.Value.Token ?? [];
            node.Value.Token = null;
            DateTimeOffset now = _timeProvider.GetUtcNow();
            for (int i = node.Value.Sessions.Count; i > 0; i--)
            {
                TlsSession session = node.Value.Sessions.Dequeue();
                if (!session.IsUsable(now))
                {
                    session.Dispose();
                }
                else if (alpns.Contains(session.Alpn))
                {
                    return session;
                }
                else
                {
                    node.Value.Sessions.Enqueue(session);
                }
            }

            return null;
        }
    }

    private Peer Use(EndpointId id)
    {
        if (_peers.TryGetValue(id, out LinkedListNode<Peer>? node))
        {
            _byUse.Remove(node);
        }
        else
        {
            node = new LinkedListNode<Peer>(new Peer(id));
            _peers.Add(id, node);
        }

        _byUse.AddLast(node);
        if (_peers.Count > MaxPeers)
        {
            Peer oldest = _byUse.First!.Value;
            _byUse.RemoveFirst();
            _peers.Remove(oldest.Id);
            oldest.Dispose();
        }

        return node.Value;
    }

    private sealed class Peer(EndpointId id) : IDisposable
    {
        public EndpointId Id { get; } = id;

        public Queue<TlsSession> Sessions { get; } = new();

        public byte[]? Token { get; set; }

        public TransportAddress? Address { get; set; }

        public void Dispose()
        {
            foreach (TlsSession session in Sessions)
            {
                session.Dispose();
            }
        }
    }
}
