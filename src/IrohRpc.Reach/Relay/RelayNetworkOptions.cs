using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Relay;

/// <summary>How an endpoint uses its relays.</summary>
internal sealed class RelayNetworkOptions
{
    /// <summary>How often the ways to the relays are measured.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a relay has for answering a measurement.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>After how long without a datagram a session with a relay that is not the home is closed.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>With how many relays there are sessions at once; whoever was not used for longest goes first.</summary>
    public int MaxSessions { get; init; } = 32;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Makes the HTTP connections; null for the defaults.</summary>
    public HttpMessageInvoker? HttpInvoker { get; init; }
}
