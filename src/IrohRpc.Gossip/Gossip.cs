using IrohRpc.Gossip.Actions;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;
using IrohRpc.Gossip.Topics;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Gossip;

/// <summary>
/// Gossip for an endpoint: topics to join, and the handler of iroh's gossip protocol for its router (<see cref="GossipProtocol.MapGossip"/>).
/// Peers dial each other, so that every member needs both.
/// </summary>
/// <remarks>All members are safe to call from several threads at once.</remarks>
public sealed partial class Gossip : IProtocolHandler, IAsyncDisposable
{
    // What the frame of a message holds besides its content: topic, kinds, id, length, scope and round.
    private const int Overhead = TopicId.Size + 2 + MessageId.Size + 3 + 1 + 3;

    private readonly Lock _lock = new();
    private readonly PeerEndpoint _endpoint;
    private readonly GossipOptions _options;
    private readonly ILogger _logger;
    private readonly Dictionary<TopicId, TopicEntry> _topics = [];
    private readonly Dictionary<EndpointId, PeerLink> _links = [];
    private readonly Dictionary<EndpointId, TimeSpan> _banned = [];
    private readonly AddressBook _addresses = new();
    private readonly TimerQueue _timers;
    private readonly HashSet<Task> _tasks = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly long _start;
    private bool _disposed;

    /// <summary>Makes gossip for an endpoint, which stays the caller's.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="options">How; null for the defaults. Not to be changed afterwards.</param>
    public Gossip(PeerEndpoint endpoint, GossipOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        _endpoint = endpoint;
        _options = options ?? new();
        _logger = _options.LoggerFactory.CreateLogger<Gossip>();
        _start = _options.TimeProvider.GetTimestamp();
        _timers = new TimerQueue(_options.TimeProvider, RunTimers);
    }

    internal int MaxContentSize => _options.Settings.MaxMessageSize - Overhead;

    internal EndpointId Self => _endpoint.Id;

    private TimeSpan Now => _options.TimeProvider.GetElapsedTime(_start);

    /// <summary>
    /// Becomes a member of a topic. Returns at once; <see cref="GossipTopic.WaitForNeighborAsync"/> waits until another member was found.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="bootstrap">Members to join through; none for the first member, whom others join through.</param>
    /// <returns>The membership, which the caller owns.</returns>
    public GossipTopic Join(TopicId topic, params IEnumerable<EndpointAddress> bootstrap)
    {
        ArgumentNullException.ThrowIfNull(bootstrap);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_topics.TryGetValue(topic, out TopicEntry? entry))
            {
                entry = new TopicEntry(topic, new TopicState(_endpoint.Id, _options.Settings, new Random()));
                entry.State.SetMyData(PeerData.Encode(_endpoint.Address));
                _topics.Add(topic, entry);
                entry.State.Start();
                ScheduleRejoin(entry);
            }

            var membership = new GossipTopic(this, entry, _options.EventQueueCapacity);
            entry.Listeners.Add(membership);
            foreach (EndpointId neighbor in entry.State.Membership.Neighbors)
            {
                membership.Raise(new GossipEvent.NeighborUp(neighbor));
            }

            JoinThrough(entry, bootstrap);
            return membership;
        }
    }

    /// <summary>Where a peer is, as far as it or other members have said, for whoever wants to talk to it besides.</summary>
    /// <param name="peer">The peer, a neighbour for example.</param>
    /// <returns>Its address, which may be wrong, since others say it: dialling it proves who answers. Null where nobody has said any.</returns>
    public EndpointAddress? FindAddress(EndpointId peer)
    {
        EndpointAddress? found = _options.AddressLookup?.Invoke(peer);
        lock (_lock)
        {
            return found ?? _addresses.Find(peer);
        }
    }

    /// <summary>Leaves all topics and closes the connections of the protocol.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] tasks;
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            foreach (TopicEntry entry in _topics.Values.ToArray())
            {
                EndTopic(entry);
            }

            _disposed = true;
            tasks = [.. _tasks];
            _timers.Dispose();
        }

        // Goodbyes that are under way may finish; peers that do not read them are not waited for.
        await Task.WhenAny(Task.WhenAll(tasks), Task.Delay(TimeSpan.FromSeconds(1), _options.TimeProvider)).ConfigureAwait(false);
        await _closing.CancelAsync().ConfigureAwait(false);
        PeerConnection[] connections;
        lock (_lock)
        {
            connections = [.. _links.Values.SelectMany(static link => link.Connections)];
        }

        foreach (PeerConnection connection in connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    internal byte[] Sign(byte[] message) => _endpoint.Certificates.Sign(message);

    internal IReadOnlyList<EndpointId> NeighborsOf(TopicEntry entry)
    {
        lock (_lock)
        {
            return [.. entry.State.Membership.Neighbors];
        }
    }

    internal Task NeighborTask(TopicEntry entry)
    {
        lock (_lock)
        {
            return entry.HasNeighbor.Task;
        }
    }

    internal void AddPeers(TopicEntry entry, IEnumerable<EndpointAddress> peers)
    {
        lock (_lock)
        {
            JoinThrough(entry, peers);
        }
    }

    internal void Broadcast(TopicEntry entry, GossipTopic membership, byte[] content, bool toAll)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(!entry.Listeners.Contains(membership), membership);
            entry.State.Broadcast(content, toAll, Now);
            Perform(entry);
        }
    }

    internal void Leave(TopicEntry entry, GossipTopic membership)
    {
        lock (_lock)
        {
            if (entry.Listeners.Remove(membership) && entry.Listeners.Count == 0)
            {
                EndTopic(entry);
            }
        }
    }

    private void EndTopic(TopicEntry entry)
    {
        if (!_topics.Remove(entry.Id))
        {
            return;
        }

        entry.State.Leave();
        Perform(entry);
        foreach (GossipTopic listener in entry.Listeners)
        {
            listener.End();
        }

        entry.Listeners.Clear();
    }

    private void JoinThrough(TopicEntry entry, IEnumerable<EndpointAddress> peers)
    {
        foreach (EndpointAddress peer in peers)
        {
            if (peer.Addresses.Count > 0)
            {
                _addresses.Add(peer);
            }

            entry.Bootstrap.Add(peer.Id);
            entry.State.Join(peer.Id);
        }

        Perform(entry);
    }

    // A member that lost everybody asks those again through whom it came.
    private void ScheduleRejoin(TopicEntry entry)
        => _timers.Add(_options.RejoinInterval, () =>
        {
            if (_topics.GetValueOrDefault(entry.Id) != entry)
            {
                return;
            }

            if (entry.State.Membership.Neighbors.Count == 0)
            {
                foreach (EndpointId peer in entry.Bootstrap)
                {
                    entry.State.Join(peer);
                }

                Perform(entry);
            }

            ScheduleRejoin(entry);
        });

    private void RunTimers()
    {
        lock (_lock)
        {
            while (!_disposed && _timers.TryTake(out Action due))
            {
                due();
            }
        }
    }

    /// <summary>Does what a topic wants done.</summary>
    private void Perform(TopicEntry entry)
    {
        TopicAction[] actions = [.. entry.State.Actions];
        entry.State.Clear();
        foreach (TopicAction action in actions)
        {
            switch (action)
            {
                case TopicAction.Send send:
                    GossipLog.Sending(_logger, send.Peer, send.Message);
                    Enqueue(send.Peer, new Outgoing(entry.Id, MessageEncoding.Encode(send.Message), false));
                    break;
                case TopicAction.Disconnect disconnect:
                    if (_links.ContainsKey(disconnect.Peer))
                    {
                        bool isLast = !_topics.Values.Any(topic => topic.Needs(disconnect.Peer));
                        Enqueue(disconnect.Peer, new Outgoing(entry.Id, null, isLast));
                    }

                    break;
                case TopicAction.Schedule schedule:
                    _timers.Add(schedule.Delay, () =>
                    {
                        if (_topics.GetValueOrDefault(entry.Id) == entry)
                        {
                            entry.State.Expire(schedule.Timer, Now);
                            Perform(entry);
                        }
                    });
                    break;
                case TopicAction.NeighborUp up:
                    GossipLog.Neighbor(_logger, up.Peer, isUp: true);
                    entry.HasNeighbor.TrySetResult();
                    Raise(entry, new GossipEvent.NeighborUp(up.Peer));
                    break;
                case TopicAction.NeighborDown down:
                    GossipLog.Neighbor(_logger, down.Peer, isUp: false);
                    if (entry.State.Membership.Neighbors.Count == 0 && entry.HasNeighbor.Task.IsCompleted)
                    {
                        entry.HasNeighbor = new(TaskCreationOptions.RunContinuationsAsynchronously);
                    }

                    Raise(entry, new GossipEvent.NeighborDown(down.Peer));
                    break;
                case TopicAction.Received received:
                    Raise(entry, new GossipEvent.Message(received.Content, received.From, received.Round is { } round ? round + 1 : null));
                    break;
                case TopicAction.Learned learned:
                    if (PeerData.TryDecode(learned.Peer, learned.Data, out EndpointAddress? address) && address.Addresses.Count > 0)
                    {
                        _addresses.Add(address);
                    }

                    break;
                case TopicAction.Violation violation:
                    Ban(violation.Peer, violation.Problem);
                    break;
            }
        }
    }

    private static void Raise(TopicEntry entry, GossipEvent happened)
    {
        foreach (GossipTopic listener in entry.Listeners)
        {
            listener.Raise(happened);
        }
    }
}
