namespace IrohRpc.Gossip;

/// <summary>Which calls over a topic a subscriber takes: <see cref="TopicContractExtensions.Subscribe{T}"/>. A bad value is refused when it is assigned.</summary>
public sealed class SubscriptionOptions
{
    /// <summary>Whether calls without a signature are taken, whose maker nobody knows. Default no.</summary>
    public bool AcceptsUnsigned { get; set; }

    /// <summary>Whose signed calls are taken; asked before anything is kept of a call. Null, the default: everybody's.</summary>
    public Func<EndpointId, bool>? AcceptOrigin { get; set; }

    /// <summary>
    /// How much the clock of a call's maker may differ from this machine's, the call's way included. Default two minutes; at least a second, at most a day. Calls are remembered for as
    /// long, so that nobody can repeat one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan MaxAge
    {
        get;
        set => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MaxAge)} is from one second to one day.");
    } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many calls are remembered within <see cref="MaxAge"/>. Default 65,536. When there are more, whoever was heard before loses the memory of its own oldest call, and whoever was not
    /// is refused until some have grown old: strangers who make up keys can keep newcomers out for that long, where <see cref="AcceptOrigin"/> does not keep them out, and nobody else.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxRememberedCalls { get; set => field = Require(value, nameof(MaxRememberedCalls)); } = 64 * 1024;

    /// <summary>How many of these may be of one maker. Default 4,096; calls that are not younger than the oldest remembered one are refused when there are more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxRememberedCallsPerOrigin { get; set => field = Require(value, nameof(MaxRememberedCallsPerOrigin)); } = 4 * 1024;

    /// <summary>How many calls wait for a slow handler before some are dropped, which <see cref="TopicSubscription.MissedCalls"/> counts. Default 1,024.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int QueueCapacity { get; set => field = Require(value, nameof(QueueCapacity)); } = 1024;

    /// <summary>The limits of calls, their clock and their log. Null, the default: those of <see cref="ServiceOptions"/>.</summary>
    public ServiceOptions? Limits { get; set; }

    private static int Require(int value, string name)
        => value is >= 1 and <= 1 << 24 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is from 1 to {1 << 24:N0}.");
}
