using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Relay;

/// <summary>How a session with a relay behaves.</summary>
internal sealed class RelaySessionOptions
{
    /// <summary>A secret of the relay's operator, where it asks for one.</summary>
    public string? AccessToken { get; init; }

    /// <summary>How long connecting and proving the id may take; 10 seconds by default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After how long a silence the relay is pinged; 15 seconds by default.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the relay has for answering a ping; 5 seconds by default.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session that is closed waits for what is still to be sent; 500 milliseconds by default.</summary>
    public TimeSpan ClosePatience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long datagrams wait while there is no connection before they are dropped; 3 seconds by default.</summary>
    public TimeSpan MaxQueueAge { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many messages may wait to be sent; 512 by default. A message beyond it is not taken.</summary>
    public int MaxQueuedMessages { get; init; } = 512;

    /// <summary>The first wait before dialling again, which doubles with each failure; 100 milliseconds by default.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before dialling again; 16 seconds by default.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(16);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the session logs to.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>Makes the HTTP connections: for certificates of one's own and for tests. Null for the defaults.</summary>
    public HttpMessageInvoker? HttpInvoker { get; init; }
}
