using IrohRpc.Gossip.Topics;

namespace IrohRpc.Gossip.Net;

/// <summary>A topic that this peer is a member of, and those in this program that listen. Used under the lock of <see cref="Gossip"/>.</summary>
internal sealed class TopicEntry(TopicId id, TopicState state)
{
    public TopicId Id => id;

    public TopicState State => state;

    public List<GossipTopic> Listeners { get; } = [];

    /// <summary>The peers that it was joined through.</summary>
    public HashSet<EndpointId> Bootstrap { get; } = [];

    /// <summary>Completes when there is a neighbour; replaced when there is none any more.</summary>
    public TaskCompletionSource HasNeighbor { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Needs(EndpointId peer) => state.Membership.Neighbors.Contains(peer) || state.Membership.Pending.Contains(peer);
}
