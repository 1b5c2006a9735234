using System.Buffers.Binary;

namespace IrohRpc.Quic.Packets;

/// <summary>Writes a Retry packet without its integrity tag (RFC 9000, section 17.2.5).</summary>
internal static class RetryPacket
{
    /// <summary>The length of the integrity tag that ends the packet.</summary>
    public const int TagLength = 16;

    /// <summary>Writes all but the tag.</summary>
    /// <param name="destination">Has room for the packet and <see cref="TagLength"/> more.</param>
    /// <param name="clientId">The client's source connection id.</param>
    /// <param name="serverId">The id that the client is to use from now on; it must differ from the one that the client chose.</param>
    /// <param name="token">The token that the client is to bring back; not empty.</param>
    /// <returns>The number of bytes written.</returns>
    public static int WriteWithoutTag(
        Span<byte> destination, in ConnectionId clientId, in ConnectionId serverId, ReadOnlySpan<byte> token)
    {
        ArgumentOutOfRangeException.ThrowIfZero(token.Length);
        destination[0] = HeaderBits.LongForm | HeaderBits.Fixed | ((int)PacketType.Retry << HeaderBits.LongTypeShift)
            | HeaderBits.LongProtected;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], QuicVersion.Version1);
        int written = 5;
        written += PacketHeaderWriter.WriteConnectionId(destination[written..], clientId);
        written += PacketHeaderWriter.WriteConnectionId(destination[written..], serverId);
        token.CopyTo(destination[written..]);
        return written + token.Length;
    }
}
