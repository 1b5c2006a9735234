using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Quic.Endpoints;

/// <summary>What a <see cref="QuicEndpoint"/> is told.</summary>
internal sealed record QuicEndpointOptions
{
    /// <summary>The key of stateless resets; 32 bytes. One that lasts lets peers notice at once that this process was restarted.</summary>
    public required ReadOnlyMemory<byte> StatelessResetKey { get; init; }

    /// <summary>The key of address validation tokens; <see cref="AddressTokens.KeyLength"/> bytes.</summary>
    public required ReadOnlyMemory<byte> TokenKey { get; init; }

    /// <summary>How many incoming handshakes may be under way.</summary>
    public int MaxHandshakes { get; init; } = 256;

    /// <summary>Whether each client has to answer a Retry, not only under load.</summary>
    public bool AlwaysRetries { get; init; }

    /// <summary>Whether to use nothing but what every platform's sockets have.</summary>
    public bool UsesPlainSocket { get; init; }

    /// <summary>The endpoints that share connections with this one; null for none.</summary>
    public EndpointGroup? Group { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
