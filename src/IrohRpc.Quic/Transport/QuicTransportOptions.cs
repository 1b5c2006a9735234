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
    /// Whether early data (0-RTT, RFC 9001, section 4.6) may be sent and taken: a peer that was met before then gets the first calls with the first packet. Default no. A
    /// dialler sends it where its channel says so too (<c>PeerChannelOptions.UsesEarlyData</c>).
    /// </summary>
    /// <remarks>
    /// Whoever sees early data on its way can send a copy. A listener takes each at most once, by a memory that a restart empties together with the tickets, and
    /// hands out streams that hold it only to who asks for them: RPC does so and runs nothing of them but methods marked <c>Idempotent</c>. All else waits for the
    /// handshake's end.
    /// </remarks>
    public bool AllowsEarlyData { get; init; }

    /// <summary>
    /// Whether packets longer than 1,200 bytes are tried out and then used. Default yes; turn it off for networks that misreport what they carry.
    /// </summary>
    public bool DiscoversMtu { get; init; } = true;

    /// <summary>
    /// Whether a connection that sends much tries packets of 8,952 bytes, once every ten minutes: networks with jumbo frames and the loopback interface carry them, and each packet
    /// costs the processor about as much as a small one. Default yes; on Linux only, and only with a peer that takes such packets.
    /// </summary>
    public bool UsesJumboFrames { get; init; } = true;

    /// <summary>The cipher suites, first preferred; null for the default.</summary>
    internal IReadOnlyList<CipherSuite>? CipherSuites { get; init; }
}
