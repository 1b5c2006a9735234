using System.Net;

namespace IrohRpc.Reach.Lookup;

/// <summary>How a <see cref="DnsAddressLookup"/> asks.</summary>
public sealed class DnsAddressLookupOptions
{
    /// <summary>The servers to ask; those of the machine where it is empty, which is the default.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    /// <summary>How long one query may take; 3 seconds by default.</summary>
    public TimeSpan QueryTimeout { get; init => field = Positive(value); } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long after the first query further ones are sent while there is no answer: a lost datagram then costs no time-out. By default after 0.2, 0.3,
    /// 0.6, 1, 2 and 3 seconds, as iroh does.
    /// </summary>
    public IReadOnlyList<TimeSpan> Stagger { get; init; } =
    [
        TimeSpan.FromMilliseconds(200),
        TimeSpan.FromMilliseconds(300),
        TimeSpan.FromMilliseconds(600),
        TimeSpan.FromSeconds(1),
        TimeSpan.FromSeconds(2),
        TimeSpan.FromSeconds(3),
    ];

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    private static TimeSpan Positive(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
        return value;
    }
}
