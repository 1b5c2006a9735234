using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Gossip;

/// <summary>How <see cref="Gossip"/> works and what it takes from peers. A bad value is refused when it is assigned.</summary>
public sealed class GossipOptions
{
    /// <summary>The numbers of the protocols.</summary>
    public GossipSettings Settings
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ArgumentOutOfRangeException.ThrowIfLessThan(value.MaxMessageSize, 512, nameof(GossipSettings.MaxMessageSize));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value.MaxMessageSize, 16 * 1024 * 1024, nameof(GossipSettings.MaxMessageSize));
            ArgumentOutOfRangeException.ThrowIfLessThan(value.ActiveViewCapacity, 1, nameof(GossipSettings.ActiveViewCapacity));
            field = value;
        }
    } = new();

    /// <summary>How many peers may be connected or being dialled. Default 1,024.</summary>
    public int MaxPeers { get; set => field = Positive(value); } = 1024;

    /// <summary>How many messages a second one peer may send; one that sends more is dropped. Default 5,000.</summary>
    public int MaxMessagesPerSecond { get; set => field = Positive(value); } = 5_000;

    /// <summary>How many messages wait for one slow neighbour before it is dropped. Default 1,024.</summary>
    public int SendQueueCapacity { get; set => field = Positive(value); } = 1_024;

    /// <summary>How many events wait for a slow reader before some are dropped. Default 1,024.</summary>
    public int EventQueueCapacity { get; set => field = Positive(value); } = 1_024;

    /// <summary>How long nothing is taken from a peer that broke the rules. Default 5 minutes.</summary>
    public TimeSpan BanDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a member without neighbours asks the peers that it joined through again. Default 10 seconds.</summary>
    public TimeSpan RejoinInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where a peer is of whom only the id is known. Null, the default: what bootstrap addresses and other members said.</summary>
    public Func<EndpointId, EndpointAddress?>? AddressLookup { get; set; }

    /// <summary>The ALPNs that are offered when dialling, first preferred. Default both.</summary>
    public IReadOnlyList<string> DialAlpns { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }
        = [GossipProtocol.Alpn, GossipProtocol.OldAlpn];

    /// <summary>The clock. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;

    /// <summary>Where log lines go. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = NullLoggerFactory.Instance;

    private static int Positive(int value) => value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value));
}
