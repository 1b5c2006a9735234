using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Membership;

/// <summary>
/// Who is a neighbour of whom: HyParView (Leitão, Pereira, Rodrigues, DSN 2007) with iroh's changes, as a state machine without I/O and clock.
/// A few neighbours in the active view, whose connections are open, and some others in the passive view, who replace those that fail.
/// </summary>
internal sealed partial class HyParView
{
    private readonly EndpointId _me;
    private readonly GossipSettings _settings;
    private readonly List<TopicAction> _actions;
    private readonly View _active;
    private readonly View _passive;
    private readonly Dictionary<EndpointId, int> _pending = [];
    private readonly HashSet<EndpointId> _leavingAlive = [];
    private readonly Dictionary<EndpointId, byte[]> _data = [];
    private readonly Dictionary<EndpointId, int> _lost = [];
    private readonly Random _random;
    private byte[]? _myData;
    private int _attempts;
    private bool _askedToIntroduce;
    private bool _started;

    public HyParView(EndpointId me, GossipSettings settings, Random random, List<TopicAction> actions)
    {
        _me = me;
        _settings = settings;
        _random = random;
        _actions = actions;
        _active = new View(random);
        _passive = new View(random);
    }

    public IReadOnlyList<EndpointId> Neighbors => _active.Peers;

    public IReadOnlyList<EndpointId> Others => _passive.Peers;

    /// <summary>Peers whose answer to a request is awaited.</summary>
    public IEnumerable<EndpointId> Pending => _pending.Keys;

    public void SetMyData(byte[]? data) => _myData = data;

    public void Start()
    {
        if (!_started)
        {
            _started = true;
            _actions.Add(new TopicAction.Schedule(_settings.FirstShuffleDelay, new TopicTimer.Shuffle()));
        }
    }

    public void Join(EndpointId peer)
    {
        if (peer != _me)
        {
            Send(peer, new JoinMessage(_myData));
        }
    }

    public void Leave()
    {
        // All are still in the view while each hears of the others: through whom one was in the topic may have been us alone.
        EndpointId[] neighbors = [.. _active.Peers];
        foreach (EndpointId peer in neighbors)
        {
            SendDisconnect(peer, isAlive: false);
        }

        foreach (EndpointId peer in neighbors)
        {
            _active.Remove(peer);
        }
    }

    public void Receive(EndpointId from, GossipMessage message)
    {
        switch (message)
        {
            case JoinMessage join:
                OnJoin(from, join);
                break;
            case ForwardJoinMessage forward:
                OnForwardJoin(from, forward);
                break;
            case ShuffleMessage shuffle:
                OnShuffle(from, shuffle);
                break;
            case ShuffleReplyMessage reply:
                AddOthers(reply.Peers);

                // Who answers is alive, which is more than is known of those that it names.
                AddOther(new PeerInfo(from, _data.GetValueOrDefault(from)));
                Refill();
                break;
            case NeighborMessage neighbor:
                OnNeighbor(from, neighbor);
                break;
            case DisconnectMessage disconnect:
                OnDisconnect(from, disconnect);
                return;
        }

        // Only neighbours keep a connection.
        if (!_active.Contains(from))
        {
            _actions.Add(new TopicAction.Disconnect(from));
        }
    }

    /// <summary>The connection to a peer has ended, or never came about.</summary>
    public void Disconnected(EndpointId peer)
    {
        bool wasPending = _pending.Remove(peer);
        bool leftAlive = _leavingAlive.Remove(peer);
        if (_active.Remove(peer))
        {
            _actions.Add(new TopicAction.NeighborDown(peer));
            if (!leftAlive && _lost.Count < _settings.PassiveViewCapacity)
            {
                _lost.TryAdd(peer, _settings.LostPeerRetries);
            }

            if (leftAlive)
            {
                AddOther(new PeerInfo(peer, _data.GetValueOrDefault(peer)));
            }

            Refill(peer);
        }
        else
        {
            if (!leftAlive)
            {
                _passive.Remove(peer);
            }

            if (wasPending)
            {
                Refill(peer);
            }
        }

        Forget(peer);
    }

    public void Expire(TopicTimer timer)
    {
        switch (timer)
        {
            case TopicTimer.Shuffle:
                Shuffle();
                _actions.Add(new TopicAction.Schedule(_settings.ShuffleInterval, timer));
                break;
            case TopicTimer.PendingNeighbor pending when _pending.GetValueOrDefault(pending.Peer) == pending.Attempt:
                _pending.Remove(pending.Peer);
                if (!_active.Contains(pending.Peer))
                {
                    _passive.Remove(pending.Peer);
                    Forget(pending.Peer);
                    Refill();
                }

                break;
        }
    }

    private PeerInfo InfoOf(EndpointId peer) => new(peer, _data.GetValueOrDefault(peer));

    private void Send(EndpointId peer, GossipMessage message) => _actions.Add(new TopicAction.Send(peer, message));
}
