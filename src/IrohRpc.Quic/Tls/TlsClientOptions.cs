using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>What a client's handshake is told.</summary>
internal sealed class TlsClientOptions : TlsOptions
{
    /// <summary>Who must answer; anybody else fails the handshake.</summary>
    public required EndpointId ExpectedPeer { get; init; }

    /// <summary>
    /// Whether whoever answers is good enough, a server of the web with a certificate of its own among them: for what needs no trust. <see cref="ExpectedPeer"/> then only
    /// names nobody.
    /// </summary>
    public bool AcceptsAnyServer { get; init; }

    /// <summary>The server name to send; null for the one that iroh's clients send, empty for none.</summary>
    public string? ServerName { get; init; }

    /// <summary>A session to resume, which the handshake owns from here on; null for a full handshake.</summary>
    public TlsSession? Session { get; init; }

    /// <summary>Whether to offer 0-RTT data where the session allows it.</summary>
    public bool OffersEarlyData { get; init; }

    /// <summary>Whether to tell the server that tickets are welcome.</summary>
    public bool WantsTickets { get; init; } = true;
}
