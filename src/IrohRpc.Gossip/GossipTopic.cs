using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using IrohRpc.Gossip.Calls;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip;

/// <summary>
/// This peer's membership in a topic. Messages go to all members, and to those only that are members at the time. Safe for several threads;
/// events are read by one.
/// </summary>
public sealed class GossipTopic : IAsyncDisposable
{
    private readonly Gossip _gossip;
    private readonly TopicEntry _entry;
    private readonly Channel<GossipEvent> _events;
    private ImmutableArray<ITopicListener> _listeners = [];
    private long _missed;
    private bool _hasEnded;

    internal GossipTopic(Gossip gossip, TopicEntry entry, int capacity)
    {
        _gossip = gossip;
        _entry = entry;
        _events = Channel.CreateBounded<GossipEvent>(capacity);
    }

    /// <summary>The topic.</summary>
    public TopicId Id => _entry.Id;

    /// <summary>The neighbours, as of now.</summary>
    public IReadOnlyList<EndpointId> Neighbors => _gossip.NeighborsOf(_entry);

    /// <summary>The largest content in bytes.</summary>
    public int MaxContentSize => _gossip.MaxContentSize;

    /// <summary>Sends a message to all members. Returns when it was handed to the neighbours' queues.</summary>
    /// <param name="content">The content. One that was sent before, by anybody, within the last 90 seconds reaches nobody again.</param>
    /// <param name="cancellationToken">Gives up before anything is sent.</param>
    /// <exception cref="ArgumentException">The content is larger than <see cref="MaxContentSize"/>.</exception>
    /// <exception cref="ObjectDisposedException">The topic was left.</exception>
    public ValueTask BroadcastAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        => Send(content, toAll: true, cancellationToken);

    /// <summary>Sends a message to the neighbours only, who do not pass it on; otherwise as <see cref="BroadcastAsync"/>.</summary>
    /// <param name="content">The content.</param>
    /// <param name="cancellationToken">Gives up before anything is sent.</param>
    public ValueTask BroadcastToNeighborsAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken = default)
        => Send(content, toAll: false, cancellationToken);

    /// <summary>Joins through more peers.</summary>
    /// <param name="peers">The peers.</param>
    public void AddPeers(IEnumerable<EndpointAddress> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        _gossip.AddPeers(_entry, peers);
    }

    /// <summary>Completes as soon as there is a neighbour.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForNeighborAsync(CancellationToken cancellationToken = default) => _gossip.NeighborTask(_entry).WaitAsync(cancellationToken);

    /// <summary>What happens, from joining on; ends when the topic is left. What is not read fast enough is dropped, which an event says. Calls of
    /// contracts are not among them while somebody subscribes to any.</summary>
    /// <param name="cancellationToken">Ends reading; the events stay for the next reader.</param>
    public async IAsyncEnumerable<GossipEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (GossipEvent next in _events.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return next;
            long missed = Interlocked.Exchange(ref _missed, 0);
            if (missed > 0)
            {
                yield return new GossipEvent.Lagged(missed);
            }
        }
    }

    /// <summary>Leaves the topic: tells the neighbours, unless another part of the program is still in it.</summary>
    public ValueTask DisposeAsync()
    {
        _gossip.Leave(_entry, this);
        End();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whose calls go out over the topic.</summary>
    internal EndpointId Self => _gossip.Self;

    /// <summary>Signs with the endpoint's key.</summary>
    internal byte[] Sign(byte[] message) => _gossip.Sign(message);

    /// <summary>Has the calls among the messages delivered.</summary>
    internal void Attach(ITopicListener listener)
    {
        ImmutableInterlocked.Update(ref _listeners, static (listeners, added) => listeners.Add(added), listener);
        if (Volatile.Read(ref _hasEnded))
        {
            listener.End();
        }
    }

    /// <summary>Ends that.</summary>
    internal void Detach(ITopicListener listener)
        => ImmutableInterlocked.Update(ref _listeners, static (listeners, removed) => listeners.Remove(removed), listener);

    internal void Raise(GossipEvent happened)
    {
        ImmutableArray<ITopicListener> listeners = _listeners;
        if (!listeners.IsEmpty && happened is GossipEvent.Message { Content: var content } && TopicCall.IsCall(content.Span))
        {
            foreach (ITopicListener listener in listeners)
            {
                listener.Receive(content);
            }

            return;
        }

        if (!_events.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _missed);
        }
    }

    internal void End()
    {
        Volatile.Write(ref _hasEnded, true);
        _events.Writer.TryComplete();
        foreach (ITopicListener listener in _listeners)
        {
            listener.End();
        }
    }

    internal void Send(byte[] content, bool toAll) => _gossip.Broadcast(_entry, this, content, toAll);

    private ValueTask Send(ReadOnlyMemory<byte> content, bool toAll, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (content.Length > MaxContentSize)
        {
            throw new ArgumentException($"A message has at most {MaxContentSize} bytes; this one has {content.Length}.", nameof(content));
        }

        Send(content.ToArray(), toAll);
        return ValueTask.CompletedTask;
    }
}
