using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Membership;

/// <content>The active view: who joins, who is asked, who has to go.</content>
internal sealed partial class HyParView
{
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
            if (_pending.Count >= _settings.MaxPendingNeighbors)
            {
                return;
            }

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

    private void SendNeighbor(EndpointId peer, bool isHighPriority)
    {
        if (_pending.TryAdd(peer, ++_attempts))
        {
            Send(peer, new NeighborMessage(isHighPriority, _myData));
            _actions.Add(new TopicAction.Schedule(_settings.NeighborRequestTimeout, new TopicTimer.PendingNeighbor(peer, _attempts)));
        }
    }

    private void SendDisconnect(EndpointId peer, bool isAlive)
    {
        // A peer that is turned away, just after joining perhaps, gets to know others first.
        SendShuffleReply(peer, _settings.ShuffleActiveCount + _settings.ShufflePassiveCount);
        Send(peer, new DisconnectMessage(isAlive));
        _actions.Add(new TopicAction.Disconnect(peer));
    }
}
