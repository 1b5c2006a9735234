using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Endpoints;

/// <summary>Turns a client away with one Initial packet and no state (RFC 9000, section 5.2.2).</summary>
internal static class InitialRefusal
{
    /// <summary>A buffer of this many bytes takes the packet.</summary>
    public const int MaxLength = 128;

    private const byte ConnectionCloseFrameType = 0x1c;
    private const int PacketNumberLength = 1;

    /// <summary>Writes the datagram.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="client">The source id of the client's Initial.</param>
    /// <param name="server">Its destination id.</param>
    /// <param name="code">Why.</param>
    /// <returns>How many bytes it has: fewer than the client's Initial.</returns>
    public static int Write(Span<byte> destination, in ConnectionId client, in ConnectionId server, TransportErrorCode code)
    {
        (SealingKeys sealing, OpeningKeys opening) = InitialKeys.Derive(server, isServer: true);
        using (sealing)
        using (opening)
        {
            int offset = PacketHeaderWriter.WriteLong(destination, PacketType.Initial, client, server, [], 0, PacketNumberLength);
            int length = offset + PacketNumberLength;
            ReadOnlySpan<byte> frame = [ConnectionCloseFrameType, (byte)code, 0, 0];
            frame.CopyTo(destination[length..]);
            length += frame.Length + CipherSuite.TagLength;
            PacketHeaderWriter.SetLength(destination[..length], offset);
            sealing.Seal(destination[..length], offset, PacketNumberLength, 0);
            return length;
        }
    }
}
