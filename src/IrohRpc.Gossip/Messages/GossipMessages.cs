namespace IrohRpc.Gossip.Messages;

/// <summary>What two members of a topic say to each other, in iroh's terms.</summary>
internal abstract record GossipMessage;

/// <summary>A member, and what is needed to reach it, which the protocol does not look into.</summary>
internal readonly record struct PeerInfo(EndpointId Id, byte[]? Data)
{
    public bool Equals(PeerInfo other) => Id == other.Id && (Data ?? []).AsSpan().SequenceEqual(other.Data ?? []) && Data is null == other.Data is null;

    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>Asks to be taken into the topic.</summary>
internal sealed record JoinMessage(byte[]? Data) : GossipMessage;

/// <summary>Introduces a new member, along a random walk.</summary>
internal sealed record ForwardJoinMessage(PeerInfo Peer, ushort TimeToLive) : GossipMessage;

/// <summary>Offers members for others of a stranger's choice, along a random walk.</summary>
internal sealed record ShuffleMessage(EndpointId Origin, IReadOnlyList<PeerInfo> Peers, ushort TimeToLive) : GossipMessage;

/// <summary>What the end of the walk gives in return.</summary>
internal sealed record ShuffleReplyMessage(IReadOnlyList<PeerInfo> Peers) : GossipMessage;

/// <summary>Asks to be neighbours, or agrees to it.</summary>
internal sealed record NeighborMessage(bool IsHighPriority, byte[]? Data) : GossipMessage;

/// <summary>Ends being neighbours.</summary>
internal sealed record DisconnectMessage(bool IsAlive) : GossipMessage;

/// <summary>A message of the application, whole.</summary>
/// <param name="Id">The hash of the content.</param>
/// <param name="Content">The content.</param>
/// <param name="Round">How many hops it has come; null where it is for neighbours only.</param>
internal sealed record ContentMessage(MessageId Id, byte[] Content, ushort? Round) : GossipMessage;

/// <summary>Asks to be sent ids only.</summary>
internal sealed record PruneMessage : GossipMessage;

/// <summary>Asks to be sent whole messages, and one of them now.</summary>
internal sealed record GraftMessage(MessageId? Id, ushort Round) : GossipMessage;

/// <summary>Names messages that the sender has.</summary>
internal sealed record IHaveMessage(IReadOnlyList<(MessageId Id, ushort Round)> Messages) : GossipMessage;
