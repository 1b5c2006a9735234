namespace IrohRpc.Gossip;

/// <summary>What a member of a topic hears.</summary>
public abstract record GossipEvent
{
    /// <summary>A message.</summary>
    /// <param name="Content">The content.</param>
    /// <param name="DeliveredFrom">The neighbour that it came from, who need not be its author: who wrote it is for the content to say, and to sign.</param>
    /// <param name="Hops">How many hops it says it has come; null where it was for neighbours only, so that the neighbour is its author.</param>
    public sealed record Message(ReadOnlyMemory<byte> Content, EndpointId DeliveredFrom, int? Hops) : GossipEvent;

    /// <summary>There is another neighbour.</summary>
    /// <param name="Peer">The neighbour.</param>
    public sealed record NeighborUp(EndpointId Peer) : GossipEvent;

    /// <summary>A neighbour is gone.</summary>
    /// <param name="Peer">The neighbour.</param>
    public sealed record NeighborDown(EndpointId Peer) : GossipEvent;

    /// <summary>Events were not read fast enough, and some were dropped.</summary>
    /// <param name="Missed">How many.</param>
    public sealed record Lagged(long Missed) : GossipEvent;
}
