using System.Net;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Reach.Lookup.Mdns;

/// <summary>How a <see cref="MdnsAddressLookup"/> asks and answers.</summary>
public sealed class MdnsAddressLookupOptions
{
    /// <summary>
    /// The addresses of the interfaces to use, IPv4 or IPv6; every interface of the machine that is up and can do multicast where it is empty, which is
    /// the default. Interfaces are looked for once, at the start.
    /// </summary>
    public IReadOnlyList<IPAddress> Interfaces { get; init; } = [];

    /// <summary>The UDP port; 5353 by default, which is that of multicast DNS.</summary>
    public int Port { get; init; } = 5353;

    /// <summary>How long a lookup waits for answers; 10 seconds by default.</summary>
    public TimeSpan Patience { get; init => field = Positive(value); } = TimeSpan.FromSeconds(10);

    /// <summary>How often a lookup asks; 700 milliseconds by default, as in iroh.</summary>
    public TimeSpan QueryInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(700);

    /// <summary>The shortest time between two answers of this endpoint, however many ask; 400 milliseconds by default.</summary>
    public TimeSpan AnswerInterval { get; init => field = Positive(value); } = TimeSpan.FromMilliseconds(400);

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
