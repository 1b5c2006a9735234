using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Connections;

/// <summary>The connection's own kinds of <see cref="SentFrame"/>.</summary>
internal static class ConnectionFrameKind
{
    /// <summary>An ACK frame; the offset is the largest number it acknowledged.</summary>
    public const SentFrameKind Ack = SentFrameKind.FirstOfConnection;

    /// <summary>CRYPTO bytes of the packet's own level.</summary>
    public const SentFrameKind Crypto = SentFrameKind.FirstOfConnection + 1;

    public const SentFrameKind HandshakeDone = SentFrameKind.FirstOfConnection + 2;

    /// <summary>NEW_CONNECTION_ID; the offset is the sequence number.</summary>
    public const SentFrameKind NewConnectionId = SentFrameKind.FirstOfConnection + 3;

    /// <summary>RETIRE_CONNECTION_ID; the offset is the sequence number.</summary>
    public const SentFrameKind RetireConnectionId = SentFrameKind.FirstOfConnection + 4;

    public const SentFrameKind NewToken = SentFrameKind.FirstOfConnection + 5;

    /// <summary>The packet was a probe for a larger datagram size; the offset is the size.</summary>
    public const SentFrameKind MtuProbe = SentFrameKind.FirstOfConnection + 6;
}
