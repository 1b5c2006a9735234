using System.Security.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// The tag at the end of a Retry packet (RFC 9001, section 5.8). Its key is public: the tag shows that the sender saw the client's
/// Initial, and that no bit was lost.
/// </summary>
internal static class RetryIntegrity
{
    private static ReadOnlySpan<byte> Key
        => [0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a, 0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68, 0xc8, 0x4e];

    private static ReadOnlySpan<byte> Nonce => [0x46, 0x15, 0x99, 0xd3, 0x5d, 0x63, 0x2b, 0xf2, 0x23, 0x98, 0x25, 0xbb];

    /// <summary>Writes a whole Retry packet.</summary>
    /// <param name="destination">Has room for it.</param>
    /// <param name="originalDestination">The destination connection id of the Initial that is answered.</param>
    /// <param name="clientId">The client's source connection id.</param>
    /// <param name="serverId">The id that the client is to use from now on.</param>
    /// <param name="token">The token that the client is to bring back.</param>
    /// <returns>The number of bytes written.</returns>
    public static int WriteRetry(
        Span<byte> destination, in ConnectionId originalDestination, in ConnectionId clientId, in ConnectionId serverId, ReadOnlySpan<byte> token)
    {
        int written = RetryPacket.WriteWithoutTag(destination, clientId, serverId, token);
        ComputeTag(originalDestination, destination[..written], destination.Slice(written, RetryPacket.TagLength));
        return written + RetryPacket.TagLength;
    }

    /// <summary>Whether a Retry packet answers an Initial that was sent to <paramref name="originalDestination"/>.</summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="originalDestination">The destination connection id that the client chose.</param>
    public static bool Verify(ReadOnlySpan<byte> packet, in ConnectionId originalDestination)
    {
        if (packet.Length < RetryPacket.TagLength)
        {
            return false;
        }

        Span<byte> tag = stackalloc byte[RetryPacket.TagLength];
        ComputeTag(originalDestination, packet[..^RetryPacket.TagLength], tag);
        return CryptographicOperations.FixedTimeEquals(tag, packet[^RetryPacket.TagLength..]);
    }

    private static void ComputeTag(in ConnectionId originalDestination, ReadOnlySpan<byte> packet, Span<byte> tag)
    {
        byte[] pseudoPacket = new byte[1 + originalDestination.Length + packet.Length];
        pseudoPacket[0] = (byte)originalDestination.Length;
        originalDestination.Span.CopyTo(pseudoPacket.AsSpan(1));
        packet.CopyTo(pseudoPacket.AsSpan(1 + originalDestination.Length));
        using var aes = new AesGcm(Key, tag.Length);
        aes.Encrypt(Nonce, [], [], tag, pseudoPacket);
    }
}
