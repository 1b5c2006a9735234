using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Broadcasting;
using IrohRpc.Gossip.Membership;
using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Topics;

/// <summary>
/// One member's part in one topic: membership and broadcast together, driven by events and clock values from outside. Each call leaves what is
/// to be done in <see cref="Actions"/>, which the caller empties.
/// </summary>
internal sealed class TopicState
{
    private readonly HyParView _membership;
    private readonly PlumTree _broadcast;
    private int _seen;

    public TopicState(EndpointId me, GossipSettings settings, Random random)
    {
        _membership = new HyParView(me, settings, random, Actions);
        _broadcast = new PlumTree(settings, Actions);
    }

    public List<TopicAction> Actions { get; } = [];

    public HyParView Membership => _membership;

    public PlumTree Tree => _broadcast;

    public void SetMyData(byte[]? data) => _membership.SetMyData(data);

    public void Start()
    {
        _membership.Start();
        _broadcast.Start();
    }

    public void Join(EndpointId peer)
    {
        _membership.Join(peer);
        Settle();
    }

    public void Leave()
    {
        _membership.Leave();
        Settle();
    }

    public void Broadcast(byte[] content, bool toAll, TimeSpan now)
    {
        _broadcast.Broadcast(content, toAll, now);
        Settle();
    }

    public void Receive(EndpointId from, GossipMessage message, TimeSpan now)
    {
        if (message is ContentMessage or PruneMessage or GraftMessage or IHaveMessage)
        {
            // Only a neighbour takes part in the tree: one that was turned away may not have heard of it yet.
            if (_membership.Neighbors.Contains(from) || message is ContentMessage)
            {
                _broadcast.Receive(from, message, now);
                if (!_membership.Neighbors.Contains(from))
                {
                    _broadcast.NeighborDown(from);
                }
            }
        }
        else
        {
            _membership.Receive(from, message);
        }

        Settle();
    }

    public void Disconnected(EndpointId peer)
    {
        _membership.Disconnected(peer);
        _broadcast.NeighborDown(peer);
        Settle();
    }

    public void Expire(TopicTimer timer, TimeSpan now)
    {
        if (timer is TopicTimer.Shuffle or TopicTimer.PendingNeighbor)
        {
            _membership.Expire(timer);
        }
        else
        {
            _broadcast.Expire(timer, now);
        }

        Settle();
    }

    /// <summary>Says that the actions were taken out.</summary>
    public void Clear()
    {
        Actions.Clear();
        _seen = 0;
    }

    // The tree follows the views.
    private void Settle()
    {
        for (; _seen < Actions.Count; _seen++)
        {
            switch (Actions[_seen])
            {
                case TopicAction.NeighborUp up:
                    _broadcast.NeighborUp(up.Peer);
                    break;
                case TopicAction.NeighborDown down:
                    _broadcast.NeighborDown(down.Peer);
                    break;
            }
        }
    }
}
