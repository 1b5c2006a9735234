namespace IrohRpc.Gossip;

/// <summary>The numbers of the two protocols. The defaults are iroh's; members of a topic do best with the same.</summary>
public sealed record GossipSettings
{
    /// <summary>How many neighbours a member has at most.</summary>
    public int ActiveViewCapacity { get; init; } = 5;

    /// <summary>How many others it knows of, to replace neighbours that fail.</summary>
    public int PassiveViewCapacity { get; init; } = 30;

    /// <summary>How many hops a new member is introduced over.</summary>
    public int ActiveRandomWalkLength { get; init; } = 6;

    /// <summary>With how many hops left a new member is noted in the passive view.</summary>
    public int PassiveRandomWalkLength { get; init; } = 3;

    /// <summary>How many hops a shuffle goes.</summary>
    public int ShuffleRandomWalkLength { get; init; } = 6;

    /// <summary>How many neighbours a shuffle names.</summary>
    public int ShuffleActiveCount { get; init; } = 3;

    /// <summary>How many others a shuffle names.</summary>
    public int ShufflePassiveCount { get; init; } = 4;

    /// <summary>How often a member shuffles.</summary>
    public TimeSpan ShuffleInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>When a member shuffles first. iroh waits a whole interval, within which who has one neighbour only is lost with it. Default 5 seconds.</summary>
    public TimeSpan FirstShuffleDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may take to agree to being a neighbour.</summary>
    public TimeSpan NeighborRequestTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many peers may be asked at a time; who is introduced when there are more is not. Default 256.</summary>
    public int MaxPendingNeighbors { get; init; } = 256;

    /// <summary>How often a neighbour that was lost without a word is asked again, at every shuffle one. Zero for iroh's behaviour. Default 10.</summary>
    public int LostPeerRetries { get; init; } = 10;

    /// <summary>How long to wait for a message that somebody named before asking for it.</summary>
    public TimeSpan GraftTimeout { get; init; } = TimeSpan.FromMilliseconds(80);

    /// <summary>How long to wait for one that was asked for before asking the next.</summary>
    public TimeSpan GraftRetryTimeout { get; init; } = TimeSpan.FromMilliseconds(40);

    /// <summary>How long ids are collected before they are sent.</summary>
    public TimeSpan LazyDispatchDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many hops shorter the way over a peer has to be for it to become the one that sends whole messages.</summary>
    public int OptimizationThreshold { get; init; } = 7;

    /// <summary>How long messages are kept for those that ask.</summary>
    public TimeSpan MessageRetention { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the ids of messages are kept, by which a repetition is told.</summary>
    public TimeSpan MessageIdRetention { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How often what is too old is dropped.</summary>
    public TimeSpan EvictInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest frame in bytes, 512 to 16 MiB. A content is about 40 bytes smaller.</summary>
    public int MaxMessageSize { get; init; } = 4096;

    /// <summary>The most bytes of messages kept for those that ask, per topic. Default 16 MiB.</summary>
    public long MaxCachedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>The most ids of messages kept, per topic; the oldest go first. Default 65,536.</summary>
    public int MaxMessageIds { get; init; } = 64 * 1024;

    /// <summary>The most messages that were named and have not come, per topic. Default 8,192.</summary>
    public int MaxMissingMessages { get; init; } = 8 * 1024;
}
