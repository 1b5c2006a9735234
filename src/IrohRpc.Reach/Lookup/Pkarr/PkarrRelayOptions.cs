using Microsoft.Extensions.Logging;

namespace IrohRpc.Reach.Lookup.Pkarr;

/// <summary>How a <see cref="PkarrRelayLookup"/> publishes and resolves.</summary>
public sealed class PkarrRelayOptions
{
    /// <summary>
    /// Whether IP addresses are published beside relays. False by default, so that only the relay learns them; an endpoint without a relay publishes
    /// them all the same, since nobody would find it otherwise.
    /// </summary>
    public bool PublishDirectAddresses { get; init; }

    /// <summary>After how long a packet that has not changed is published again, since relays forget; 5 minutes by default.</summary>
    public TimeSpan RepublishInterval { get; init => field = Positive(value); } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How old a packet may be that is resolved; 1 day by default. Endpoints publish anew every few minutes, so an older packet is about one that has gone.
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> takes any, also of endpoints whose clock is far behind.
    /// </summary>
    public TimeSpan MaxAge { get; init => field = value == System.Threading.Timeout.InfiniteTimeSpan ? value : Positive(value); } = TimeSpan.FromDays(1);

    /// <summary>How long a request may take; 10 seconds by default.</summary>
    public TimeSpan Timeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where to log to; nowhere by default.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
