using IrohRpc.Gossip.Messages;

namespace IrohRpc.Gossip.Actions;

/// <summary>What a topic wants done; whoever drives it does that, in this order.</summary>
internal abstract record TopicAction
{
    public sealed record Send(EndpointId Peer, GossipMessage Message) : TopicAction;

    /// <summary>The connection to a peer is not needed for this topic any more, once what was sent before is on its way.</summary>
    public sealed record Disconnect(EndpointId Peer) : TopicAction;

    public sealed record Schedule(TimeSpan Delay, TopicTimer Timer) : TopicAction;

    public sealed record NeighborUp(EndpointId Peer) : TopicAction;

    public sealed record NeighborDown(EndpointId Peer) : TopicAction;

    public sealed record Received(EndpointId From, byte[] Content, ushort? Round) : TopicAction;

    /// <summary>A peer, or somebody for it, said where it can be reached.</summary>
    public sealed record Learned(EndpointId Peer, byte[] Data) : TopicAction;

    /// <summary>A peer broke the rules; nothing more is taken from it.</summary>
    public sealed record Violation(EndpointId Peer, string Problem) : TopicAction;
}

/// <summary>What is due later.</summary>
internal abstract record TopicTimer
{
    public sealed record Shuffle : TopicTimer;

    public sealed record PendingNeighbor(EndpointId Peer, int Attempt) : TopicTimer;

    public sealed record Graft(MessageId Id) : TopicTimer;

    public sealed record DispatchLazy : TopicTimer;

    public sealed record Evict : TopicTimer;
}
