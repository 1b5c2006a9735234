using System.Buffers.Binary;
using System.Security.Cryptography;

namespace IrohRpc.Quic.Packets;

/// <summary>Version Negotiation packets (RFC 8999, section 6; RFC 9000, sections 6 and 17.2.1). They are not authenticated.</summary>
internal static class VersionNegotiationPacket
{
    /// <summary>The smallest datagram that earns an answer: a client pads its first flight, and the answer must not amplify.</summary>
    public const int MinDatagramLength = 1200;

    /// <summary>Answers a long header of a version that is not spoken here.</summary>
    /// <param name="destination">Has room for 7 bytes, both ids and two versions.</param>
    /// <param name="received">The header that is answered.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> destination, in InvariantHeader received)
    {
        RandomNumberGenerator.Fill(destination[..1]);
        destination[0] |= HeaderBits.LongForm | HeaderBits.Fixed;
        BinaryPrimitives.WriteUInt32BigEndian(destination[1..], QuicVersion.Negotiation);
        int written = 5;
        written += WriteConnectionId(destination[written..], received.SourceConnectionId);
        written += WriteConnectionId(destination[written..], received.DestinationConnectionId);

        // A reserved version keeps peers from relying on the list's exact contents (RFC 9000, section 6.3).
        uint reserved = QuicVersion.CreateReserved();
        BinaryPrimitives.WriteUInt32BigEndian(destination[written..], reserved == received.Version ? reserved ^ 0xf0 : reserved);
        BinaryPrimitives.WriteUInt32BigEndian(destination[(written + 4)..], QuicVersion.Version1);
        return written + 8;
    }

    /// <summary>Reads the versions of an answer.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="versions">The versions, four bytes each, where the result is true.</param>
    /// <returns>False where it is no such packet, or has no version or part of one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ReadOnlySpan<byte> versions)
    {
        versions = default;
        if (!InvariantHeader.TryRead(datagram, 0, out InvariantHeader header) || !header.IsLong || header.Version != QuicVersion.Negotiation)
        {
            return false;
        }

        versions = datagram[(7 + header.DestinationConnectionId.Length + header.SourceConnectionId.Length)..];
        return !versions.IsEmpty && versions.Length % 4 == 0;
    }

    /// <summary>Whether a list of versions has one.</summary>
    public static bool Contains(ReadOnlySpan<byte> versions, uint version)
    {
        for (; versions.Length >= 4; versions = versions[4..])
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(versions) == version)
            {
                return true;
            }
        }

        return false;
    }

    private static int WriteConnectionId(Span<byte> destination, ReadOnlySpan<byte> connectionId)
    {
        destination[0] = (byte)connectionId.Length;
        connectionId.CopyTo(destination[1..]);
        return 1 + connectionId.Length;
    }
}
