using System.Security.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>Stateless resets (RFC 9000, section 10.3): what an endpoint says that no longer knows a connection.</summary>
internal static class StatelessReset
{
    /// <summary>The length of a token.</summary>
    public const int TokenLength = 16;

    /// <summary>The smallest packet that can be a stateless reset: one with a short header and five unpredictable bytes before the token.</summary>
    public const int MinLength = 5 + TokenLength;

    // An ordinary packet of this size has a connection id of any length in front of its frames, so that it cannot be told apart.
    private const int PreferredLength = 1 + ConnectionId.MaxLength + 1 + 1 + TokenLength + 4;

    /// <summary>
    /// The token of a connection id. It can be computed again after a restart, from a key that lasts. Connection ids of different
    /// endpoints with the same key must not collide.
    /// </summary>
    /// <param name="key">The endpoint's lasting key: at least 32 random bytes.</param>
    /// <param name="connectionId">The connection id that the token belongs to.</param>
    /// <param name="token">Takes <see cref="TokenLength"/> bytes.</param>
    public static void DeriveToken(ReadOnlySpan<byte> key, in ConnectionId connectionId, Span<byte> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, connectionId.Span, hash);
        hash[..TokenLength].CopyTo(token);
    }

    /// <summary>Answers a packet that belongs to no connection.</summary>
    /// <param name="destination">Has room for 64 bytes.</param>
    /// <param name="receivedLength">How long the packet was that is answered.</param>
    /// <param name="token">The token of that packet's destination connection id.</param>
    /// <returns>
    /// The number of bytes written: always less than <paramref name="receivedLength"/>, so that two endpoints that answer each other's
    /// resets run dry. Zero if the packet was too short to be answered.
    /// </returns>
    public static int Write(Span<byte> destination, int receivedLength, ReadOnlySpan<byte> token)
    {
        int length = Math.Min(receivedLength - 1, PreferredLength);
        if (length < MinLength)
        {
            return 0;
        }

        RandomNumberGenerator.Fill(destination[..(length - TokenLength)]);
        destination[0] = (byte)((destination[0] & ~HeaderBits.LongForm) | HeaderBits.Fixed);
        token.CopyTo(destination[(length - TokenLength)..]);
        return length;
    }

    /// <summary>
    /// Whether a datagram that could not be opened ends with a token. The comparison takes the same time wherever they differ, so that
    /// nobody finds a token by trial; compare with each token of the connection's peer.
    /// </summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="token">A token that the peer announced for a connection id in use.</param>
    public static bool Matches(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> token)
        => datagram.Length >= MinLength
            && CryptographicOperations.FixedTimeEquals(datagram[^TokenLength..], token);
}
