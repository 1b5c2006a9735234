using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>What the handshake found out about a connection of MsQuic's.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicConnectionFacts : ConnectionFacts
{
    /// <summary>Whether the peer is an <see cref="MsQuicTransport"/> too, and so has a control stream.</summary>
    public required bool HasControlStreams { get; init; }

    /// <summary>What the peer lets this side open.</summary>
    public required MsQuicStreamCredit Credit { get; init; }
}
