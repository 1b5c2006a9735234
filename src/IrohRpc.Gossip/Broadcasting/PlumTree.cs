using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Broadcasting;

/// <summary>
/// How a message reaches everybody: PlumTree (Leitão, Pereira, Rodrigues, SRDS 2007) with iroh's numbers, as a state machine without I/O and
/// clock. Whole messages go along a tree of eager neighbours; lazy ones hear ids only, and ask for what does not come.
/// </summary>
internal sealed class PlumTree(GossipSettings settings, List<TopicAction> actions)
{
    private const int MaxNamersPerMessage = 8;

    private readonly SortedSet<EndpointId> _eager = [];
    private readonly SortedSet<EndpointId> _lazy = [];
    private readonly SortedDictionary<EndpointId, List<(MessageId, ushort)>> _lazyQueue = [];
    private readonly Dictionary<MessageId, List<(EndpointId Peer, ushort Round)>> _missing = [];
    private readonly HashSet<MessageId> _graftScheduled = [];
    private readonly Dictionary<MessageId, TimeSpan> _received = [];
    private readonly Queue<(MessageId Id, TimeSpan Until)> _receivedOrder = new();
    private readonly Dictionary<MessageId, ContentMessage> _cache = [];
    private readonly Queue<(MessageId Id, TimeSpan Until, int Size)> _cacheOrder = new();
    private long _cachedBytes;
    private bool _dispatchScheduled;
    private bool _started;

    public IReadOnlyCollection<EndpointId> Eager => _eager;

    public IReadOnlyCollection<EndpointId> Lazy => _lazy;

    public int MissingCount => _missing.Count;

    public int KnownIds => _received.Count;

    public long CachedBytes => _cachedBytes;

    public void Start()
    {
        if (!_started)
        {
            _started = true;
            actions.Add(new TopicAction.Schedule(settings.EvictInterval, new TopicTimer.Evict()));
        }
    }

    public void NeighborUp(EndpointId peer) => AddEager(peer);

    public void NeighborDown(EndpointId peer)
    {
        _eager.Remove(peer);
        _lazy.Remove(peer);
        _lazyQueue.Remove(peer);
        foreach ((MessageId id, List<(EndpointId Peer, ushort Round)> namers) in _missing)
        {
            namers.RemoveAll(namer => namer.Peer == peer);
            if (namers.Count == 0)
            {
                // Removing while enumerating is allowed for dictionaries.
                _missing.Remove(id);
            }
        }
    }

    public void Broadcast(byte[] content, bool toAll, TimeSpan now)
    {
        var id = MessageId.Of(content);
        var message = new ContentMessage(id, content, toAll ? (ushort)0 : null);
        if (toAll)
        {
            if (!Remember(message, now))
            {
                return;
            }

            PushLazy(message, null);
        }

        PushEager(message, null, toNeighbors: !toAll);
    }

    public void Receive(EndpointId from, GossipMessage message, TimeSpan now)
    {
        switch (message)
        {
            case ContentMessage content:
                OnContent(from, content, now);
                break;
            case PruneMessage:
                AddLazy(from);
                break;
            case GraftMessage graft:
                AddEager(from);
                if (graft.Id is { } id && _cache.TryGetValue(id, out ContentMessage? cached))
                {
                    actions.Add(new TopicAction.Send(from, cached));
                }

                break;
            case IHaveMessage have:
                OnIHave(from, have);
                break;
        }
    }

    public void Expire(TopicTimer timer, TimeSpan now)
    {
        switch (timer)
        {
            case TopicTimer.DispatchLazy:
                _dispatchScheduled = false;
                DispatchLazy();
                break;
            case TopicTimer.Graft graft:
                OnGraftDue(graft.Id);
                break;
            case TopicTimer.Evict:
                Evict(now);
                actions.Add(new TopicAction.Schedule(settings.EvictInterval, timer));
                break;
        }
    }

    private void OnContent(EndpointId from, ContentMessage message, TimeSpan now)
    {
        if (message.Id != MessageId.Of(message.Content))
        {
            // Passed on, it would keep the real message of that id from everybody.
            actions.Add(new TopicAction.Violation(from, "a message came under the id of another"));
            return;
        }

        if (message.Round is not { } round)
        {
            actions.Add(new TopicAction.Received(from, message.Content, null));
            return;
        }

        if (_received.ContainsKey(message.Id))
        {
            AddLazy(from);
            actions.Add(new TopicAction.Send(from, new PruneMessage()));
            return;
        }

        ContentMessage next = message with { Round = (ushort)Math.Min(round + 1, ushort.MaxValue) };
        Remember(next, now);
        PushEager(next, from, toNeighbors: false);
        PushLazy(next, from);
        _graftScheduled.Remove(message.Id);
        if (_missing.Remove(message.Id, out List<(EndpointId Peer, ushort Round)>? namers))
        {
            Optimize(from, next, namers);
        }

        actions.Add(new TopicAction.Received(from, message.Content, round));
    }

    // Where another neighbour is much nearer to the origin, it becomes the one to send whole messages.
    private void Optimize(EndpointId from, ContentMessage message, List<(EndpointId Peer, ushort Round)> namers)
    {
        if (namers.Count == 0)
        {
            return;
        }

        (EndpointId peer, ushort round) = namers.MinBy(static namer => namer.Round);
        if (message.Round - round < settings.OptimizationThreshold)
        {
            return;
        }

        if (!_eager.Contains(peer))
        {
            AddEager(peer);
            actions.Add(new TopicAction.Send(peer, new GraftMessage(null, round)));
        }

        AddLazy(from);
        actions.Add(new TopicAction.Send(from, new PruneMessage()));
    }

    private void OnIHave(EndpointId from, IHaveMessage have)
    {
        foreach ((MessageId id, ushort round) in have.Messages)
        {
            if (_received.ContainsKey(id))
            {
                continue;
            }

            if (!_missing.TryGetValue(id, out List<(EndpointId Peer, ushort Round)>? namers))
            {
                if (_missing.Count >= settings.MaxMissingMessages)
                {
                    return;
                }

                _missing[id] = namers = [];
            }

            if (namers.Count < MaxNamersPerMessage)
            {
                namers.Add((from, round));
            }

            if (_graftScheduled.Add(id))
            {
                actions.Add(new TopicAction.Schedule(settings.GraftTimeout, new TopicTimer.Graft(id)));
            }
        }
    }

    private void OnGraftDue(MessageId id)
    {
        _graftScheduled.Remove(id);
        if (_received.ContainsKey(id) || !_missing.TryGetValue(id, out List<(EndpointId Peer, ushort Round)>? namers))
        {
            return;
        }

        if (namers.Count == 0)
        {
            // Everybody who named it was asked; whoever names it next is asked again.
            _missing.Remove(id);
            return;
        }

        (EndpointId peer, ushort round) = namers[0];
        namers.RemoveAt(0);
        AddEager(peer);
        actions.Add(new TopicAction.Send(peer, new GraftMessage(id, round)));
        _graftScheduled.Add(id);
        actions.Add(new TopicAction.Schedule(settings.GraftRetryTimeout, new TopicTimer.Graft(id)));
    }

    private bool Remember(ContentMessage message, TimeSpan now)
    {
        if (!_received.TryAdd(message.Id, now + settings.MessageIdRetention))
        {
            return false;
        }

        _receivedOrder.Enqueue((message.Id, now + settings.MessageIdRetention));
        _cache[message.Id] = message;
        _cacheOrder.Enqueue((message.Id, now + settings.MessageRetention, message.Content.Length));
        _cachedBytes += message.Content.Length;
        while (_receivedOrder.Count > settings.MaxMessageIds)
        {
            _received.Remove(_receivedOrder.Dequeue().Id);
        }

        while (_cachedBytes > settings.MaxCachedBytes)
        {
            DropOldestMessage();
        }

        return true;
    }

    private void Evict(TimeSpan now)
    {
        while (_cacheOrder.TryPeek(out (MessageId Id, TimeSpan Until, int Size) oldest) && oldest.Until <= now)
        {
            DropOldestMessage();
        }

        while (_receivedOrder.TryPeek(out (MessageId Id, TimeSpan Until) oldest) && oldest.Until <= now)
        {
            _receivedOrder.Dequeue();
            _received.Remove(oldest.Id);
        }
    }

    private void DropOldestMessage()
    {
        (MessageId id, _, int size) = _cacheOrder.Dequeue();
        _cache.Remove(id);
        _cachedBytes -= size;
    }

    private void PushEager(ContentMessage message, EndpointId? from, bool toNeighbors)
    {
        foreach (EndpointId peer in _eager)
        {
            if (peer != from)
            {
                actions.Add(new TopicAction.Send(peer, message));
            }
        }

        if (toNeighbors)
        {
            foreach (EndpointId peer in _lazy)
            {
                actions.Add(new TopicAction.Send(peer, message));
            }
        }
    }

    private void PushLazy(ContentMessage message, EndpointId? from)
    {
        foreach (EndpointId peer in _lazy)
        {
            if (peer == from)
            {
                continue;
            }

            if (!_lazyQueue.TryGetValue(peer, out List<(MessageId, ushort)>? queue))
            {
                _lazyQueue[peer] = queue = [];
            }

            queue.Add((message.Id, message.Round!.Value));
            if (!_dispatchScheduled)
            {
                _dispatchScheduled = true;
                actions.Add(new TopicAction.Schedule(settings.LazyDispatchDelay, new TopicTimer.DispatchLazy()));
            }
        }
    }

    private void DispatchLazy()
    {
        // The topic, three bytes of kind and count, and for each message its id and up to three bytes of its round.
        int perMessage = Math.Max(1, (settings.MaxMessageSize - TopicId.Size - 5) / (MessageId.Size + 3));
        foreach ((EndpointId peer, List<(MessageId, ushort)> queue) in _lazyQueue)
        {
            foreach ((MessageId, ushort)[] part in queue.Chunk(perMessage))
            {
                actions.Add(new TopicAction.Send(peer, new IHaveMessage(part)));
            }
        }

        _lazyQueue.Clear();
    }

    private void AddEager(EndpointId peer)
    {
        _lazy.Remove(peer);
        _eager.Add(peer);
    }

    private void AddLazy(EndpointId peer)
    {
        _eager.Remove(peer);
        _lazy.Add(peer);
    }
}
