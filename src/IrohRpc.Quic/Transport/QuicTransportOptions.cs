using IrohRpc.Quic.Cryptography;

namespace IrohRpc.Transports;

/// <summary>What a <see cref="QuicTransport"/> can be told beyond what every transport is. Read-only once in use.</summary>
public sealed class QuicTransportOptions
{
    /// <summary>Whether each dialler has to show that it is where it says before anything is spent on it, not only under load. Costs it a round trip. Default no.</summary>
    public bool AlwaysRetries { get; init; }

    /// <summary>
    /// Whether to use only what sockets can do on every platform: one datagram in a call, no congestion marks. Default no; only Linux has more.
    /// </summary>
    public bool UsesPlainSockets { get; init; }

    /// <summary>Whether later connections to a peer may resume the session of an earlier one. Default yes.</summary>
    public bool ResumesSessions { get; init; } = true;

    /// <summary>
    /// Whether packets longer than 1,200 bytes are tried out and then used. Default yes; turn it off for networks that misreport what they carry.
    /// </summary>
    public bool DiscoversMtu { get; init; } = true;

    /// <summary>The cipher suites, first preferred; null for the default.</summary>
    internal IReadOnlyList<CipherSuite>? CipherSuites { get; init; }
}
