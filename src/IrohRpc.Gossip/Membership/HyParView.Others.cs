using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Membership;

/// <content>The passive view: how members get to know others, and how these replace neighbours that fail.</content>
internal sealed partial class HyParView
{
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
}
