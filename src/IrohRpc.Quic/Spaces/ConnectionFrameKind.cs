using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Spaces;

/// <summary>The connection's own kinds of <see cref="SentFrame"/>.</summary>
internal static class ConnectionFrameKind
{
    /// <summary>An ACK frame; the offset is the largest number it acknowledged.</summary>
    public const SentFrameKind Ack = SentFrameKind.FirstOfConnection;

    /// <summary>CRYPTO bytes of the packet's own level.</summary>
    public const SentFrameKind Crypto = SentFrameKind.FirstOfConnection + 1;

    public const SentFrameKind HandshakeDone = SentFrameKind.FirstOfConnection + 2;

    /// <summary>NEW_CONNECTION_ID; the offset is the sequence number, the length the path id.</summary>
    public const SentFrameKind NewConnectionId = SentFrameKind.FirstOfConnection + 3;

    /// <summary>RETIRE_CONNECTION_ID; the offset is the sequence number, the length the path id.</summary>
    public const SentFrameKind RetireConnectionId = SentFrameKind.FirstOfConnection + 4;

    public const SentFrameKind NewToken = SentFrameKind.FirstOfConnection + 5;

    /// <summary>The packet was a probe for a larger datagram size; the offset is the size.</summary>
    public const SentFrameKind MtuProbe = SentFrameKind.FirstOfConnection + 6;

    /// <summary>PATH_ABANDON; the offset is the path id.</summary>
    public const SentFrameKind PathAbandon = SentFrameKind.FirstOfConnection + 7;

    /// <summary>PATH_STATUS_AVAILABLE or PATH_STATUS_BACKUP; the offset is the path id.</summary>
    public const SentFrameKind PathStatus = SentFrameKind.FirstOfConnection + 8;

    public const SentFrameKind MaxPathId = SentFrameKind.FirstOfConnection + 9;

    /// <summary>ADD_ADDRESS; the offset is the sequence number.</summary>
    public const SentFrameKind AddAddress = SentFrameKind.FirstOfConnection + 10;

    /// <summary>REMOVE_ADDRESS; the offset is the sequence number.</summary>
    public const SentFrameKind RemoveAddress = SentFrameKind.FirstOfConnection + 11;

    /// <summary>REACH_OUT; the offset is the round, the length the position of the address.</summary>
    public const SentFrameKind ReachOut = SentFrameKind.FirstOfConnection + 12;

    /// <summary>OBSERVED_ADDRESS; what it would say now is said again.</summary>
    public const SentFrameKind ObservedAddress = SentFrameKind.FirstOfConnection + 13;
}
