using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Membership;

/// <summary>
/// Who is a neighbour of whom: HyParView (Leitão, Pereira, Rodrigues, DSN 2007) with iroh's changes, as a state machine without I/O and clock.
/// A few neighbours in the active view, whose connections are open, and some others in the passive view, who replace those that fail.
/// </summary>
internal sealed class HyParView
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
        foreach (EndpointId peer in _active.Peers.ToArray())
        {
            _active.Remove(peer);
            SendDisconnect(peer, isAlive: false);
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

    private void OnJoin(EndpointId peer, JoinMessage join)
    {
        AddNeighbor(peer, join.Data, isHighPriority: true, reply: true);
        foreach (EndpointId neighbor in _active.Peers)
        {
            if (neighbor != peer)
            {
                Send(neighbor, new ForwardJoinMessage(new PeerInfo(peer, join.Data), (ushort)_settings.ActiveRandomWalkLength));
            }
        }
    }

    private void OnForwardJoin(EndpointId sender, ForwardJoinMessage forward)
    {
        EndpointId peer = forward.Peer.Id;
        if (peer == _me)
        {
            return;
        }

        if (_active.Contains(peer) || forward.TimeToLive == 0 || _active.Count <= 1)
        {
            // iroh asks first, where the paper adds at once: a peer that cannot be reached takes no place.
            Learn(forward.Peer);
            SendNeighbor(peer, isHighPriority: true);
            return;
        }

        if (forward.TimeToLive == _settings.PassiveRandomWalkLength)
        {
            AddOther(forward.Peer);
        }

        if (!_pending.ContainsKey(peer) && _active.Pick(sender) is { } next)
        {
            ushort left = (ushort)Math.Min(forward.TimeToLive - 1, _settings.ActiveRandomWalkLength);
            Send(next, forward with { TimeToLive = left });
        }
    }

    private void OnNeighbor(EndpointId from, NeighborMessage neighbor)
    {
        bool isReply = _pending.Remove(from);
        if (!AddNeighbor(from, neighbor.Data, neighbor.IsHighPriority, reply: !isReply))
        {
            SendDisconnect(from, isAlive: true);
        }
    }

    private void OnShuffle(EndpointId from, ShuffleMessage shuffle)
    {
        if (shuffle.TimeToLive == 0 || _active.Count <= 1)
        {
            AddOthers(shuffle.Peers);
            if (shuffle.Origin != _me)
            {
                int most = _settings.ShuffleActiveCount + _settings.ShufflePassiveCount + 1;
                SendShuffleReply(shuffle.Origin, Math.Min(shuffle.Peers.Count, most));
            }

            Refill();
        }
        else if (_active.Pick(shuffle.Origin, from) is { } next)
        {
            Send(next, shuffle with { TimeToLive = (ushort)Math.Min(shuffle.TimeToLive - 1, _settings.ShuffleRandomWalkLength) });
        }
    }

    private void OnDisconnect(EndpointId from, DisconnectMessage disconnect)
    {
        bool wasPending = _pending.Remove(from);
        if (_active.Contains(from))
        {
            RemoveNeighbor(from, keep: disconnect.IsAlive);
            Refill(from);
        }
        else
        {
            if (disconnect.IsAlive && _passive.Contains(from))
            {
                _leavingAlive.Add(from);
            }

            if (wasPending)
            {
                Refill(from);
            }
        }
    }

    // A neighbour that was lost without a word may be on the other side of a partition: it is asked again now and then, which is a change from
    // iroh's. Without it the two sides would know of each other and never meet again.
    private void RetryLost()
    {
        if (_lost.Count == 0)
        {
            return;
        }

        EndpointId peer = _lost.Keys.ElementAt(_random.Next(_lost.Count));
        int left = _lost[peer] - 1;
        if (left <= 0 || _active.Contains(peer))
        {
            _lost.Remove(peer);
        }
        else
        {
            _lost[peer] = left;
        }

        if (!_active.Contains(peer))
        {
            SendNeighbor(peer, isHighPriority: true);
        }
    }

    private void Shuffle()
    {
        RetryLost();
        _askedToIntroduce = false;
        Refill();
        if (_active.Pick() is not { } target)
        {
            return;
        }

        List<PeerInfo> peers =
        [
            .. _active.Sample(_settings.ShuffleActiveCount, target).Select(InfoOf),
            .. _passive.Sample(_settings.ShufflePassiveCount, target).Select(InfoOf),
            new PeerInfo(_me, _myData),
        ];
        Send(target, new ShuffleMessage(_me, peers, (ushort)_settings.ShuffleRandomWalkLength));
    }

    private void SendShuffleReply(EndpointId to, int count)
    {
        List<EndpointId> peers = _passive.Sample(count);
        if (peers.Count < count)
        {
            peers.AddRange(_active.Sample(count - peers.Count, to));
        }

        Send(to, new ShuffleReplyMessage([.. peers.Select(InfoOf)]));
    }

    private void SendDisconnect(EndpointId peer, bool isAlive)
    {
        // A peer that is turned away, just after joining perhaps, gets to know others first.
        SendShuffleReply(peer, _settings.ShuffleActiveCount + _settings.ShufflePassiveCount);
        Send(peer, new DisconnectMessage(isAlive));
        _actions.Add(new TopicAction.Disconnect(peer));
    }

    private void SendNeighbor(EndpointId peer, bool isHighPriority)
    {
        if (_pending.TryAdd(peer, ++_attempts))
        {
            Send(peer, new NeighborMessage(isHighPriority, _myData));
            _actions.Add(new TopicAction.Schedule(_settings.NeighborRequestTimeout, new TopicTimer.PendingNeighbor(peer, _attempts)));
        }
    }

    private bool AddNeighbor(EndpointId peer, byte[]? data, bool isHighPriority, bool reply)
    {
        if (peer == _me)
        {
            return false;
        }

        Learn(new PeerInfo(peer, data));
        if (!_active.Contains(peer))
        {
            if (_active.Count >= _settings.ActiveViewCapacity)
            {
                if (!isHighPriority)
                {
                    return false;
                }

                EndpointId victim = _active.Pick()!.Value;
                RemoveNeighbor(victim, keep: true, notify: true);
            }

            _passive.Remove(peer);
            _active.Add(peer);
            _leavingAlive.Remove(peer);
            _lost.Remove(peer);
            _actions.Add(new TopicAction.NeighborUp(peer));
        }

        if (reply)
        {
            // Noted as a request too, so that the answer to it is not answered again.
            SendNeighbor(peer, isHighPriority);
        }

        return true;
    }

    private void RemoveNeighbor(EndpointId peer, bool keep, bool notify = false)
    {
        _active.Remove(peer);
        _actions.Add(new TopicAction.NeighborDown(peer));
        if (notify)
        {
            SendDisconnect(peer, isAlive: true);
        }
        else
        {
            _actions.Add(new TopicAction.Disconnect(peer));
        }

        if (keep)
        {
            AddOther(InfoOf(peer));
            _leavingAlive.Add(peer);
        }
        else
        {
            Forget(peer);
        }
    }

    private void Refill(EndpointId? without = null)
    {
        // A neighbour that was asked again takes no second place.
        if (_active.Count + _pending.Keys.Count(peer => !_active.Contains(peer)) >= _settings.ActiveViewCapacity)
        {
            return;
        }

        EndpointId[] skip = without is { } one ? [.. _pending.Keys, one] : [.. _pending.Keys];
        if (_passive.Pick(skip) is { } peer)
        {
            SendNeighbor(peer, isHighPriority: _active.Count == 0);
        }
        else if (!_askedToIntroduce && _active.Count <= _settings.ActiveViewCapacity / 2 && _active.Pick() is { } neighbor)
        {
            // Where few are left and nobody else is known, a neighbour introduces us anew. In a small topic the walks of shuffles end before they
            // bring anything, and a member whose one neighbour dies would be alone; that is a change from iroh's.
            _askedToIntroduce = true;
            Send(neighbor, new JoinMessage(_myData));
        }
    }

    private void AddOthers(IReadOnlyList<PeerInfo> peers)
    {
        // A shuffle that is larger than any honest one would replace everybody we know.
        int most = Math.Max(_settings.PassiveViewCapacity / 2, _settings.ShuffleActiveCount + _settings.ShufflePassiveCount + 1);
        foreach (PeerInfo peer in peers.Take(most))
        {
            AddOther(peer);
        }
    }

    private void AddOther(PeerInfo peer)
    {
        if (peer.Id == _me)
        {
            return;
        }

        if (!_active.Contains(peer.Id) && !_passive.Contains(peer.Id))
        {
            if (_passive.Count >= _settings.PassiveViewCapacity && _passive.Pick() is { } victim)
            {
                _passive.Remove(victim);
                Forget(victim);
            }

            _passive.Add(peer.Id);
        }

        Learn(peer);
    }

    private void Learn(PeerInfo peer)
    {
        if (peer.Data is not null && !(_data.TryGetValue(peer.Id, out byte[]? known) && known.AsSpan().SequenceEqual(peer.Data)))
        {
            _data[peer.Id] = peer.Data;
            if (peer.Data.Length > 0)
            {
                _actions.Add(new TopicAction.Learned(peer.Id, peer.Data));
            }
        }
    }

    // What is known of a peer is kept as long as the peer is in a view, or asked.
    private void Forget(EndpointId peer)
    {
        if (!_active.Contains(peer) && !_passive.Contains(peer) && !_pending.ContainsKey(peer))
        {
            _data.Remove(peer);
            _leavingAlive.Remove(peer);
        }
    }

    private PeerInfo InfoOf(EndpointId peer) => new(peer, _data.GetValueOrDefault(peer));

    private void Send(EndpointId peer, GossipMessage message) => _actions.Add(new TopicAction.Send(peer, message));
}
