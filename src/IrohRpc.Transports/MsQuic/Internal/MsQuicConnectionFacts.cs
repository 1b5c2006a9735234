using System.Runtime.Versioning;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>What the handshake found out about a connection, and what it lives by.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicConnectionFacts
{
    /// <summary>Who the peer proved to be.</summary>
    public required EndpointId PeerId { get; init; }

    /// <summary>The ALPN that the handshake agreed on.</summary>
    public required string Alpn { get; init; }

    /// <summary>Whether this side dialled.</summary>
    public required bool IsDialler { get; init; }

    /// <summary>Whether the peer is an <see cref="MsQuicTransport"/> too, and so has a control stream.</summary>
    public required bool HasControlStreams { get; init; }

    /// <summary>Where the peer is.</summary>
    public required TransportAddress RemoteAddress { get; init; }

    /// <summary>The local end of the path.</summary>
    public required TransportAddress LocalAddress { get; init; }

    /// <summary>Clock and log.</summary>
    public required TransportSettings Settings { get; init; }

    /// <summary>What the peer lets this side open.</summary>
    public required MsQuicStreamCredit Credit { get; init; }

    /// <summary>Disposed once, when the connection has ended.</summary>
    public IHandshakeLease? Lease { get; init; }
}
