using System.Buffers.Binary;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Packets;

/// <summary>
/// Walks through the packets that share a datagram (RFC 9000, section 12.2). Nothing here is authenticated, so that nothing here
/// is an error: what cannot be read is left out, together with what follows it in the datagram.
/// </summary>
internal ref struct PacketReader
{
    private readonly int _localConnectionIdLength;
    private Span<byte> _rest;
    private ConnectionId _destination;
    private bool _isLater;

    /// <summary>Starts at the beginning of a datagram.</summary>
    /// <param name="datagram">The datagram, which packets are opened in later.</param>
    /// <param name="localConnectionIdLength">How long the ids are that this endpoint gives out.</param>
    public PacketReader(Span<byte> datagram, int localConnectionIdLength)
    {
        _rest = datagram;
        _localConnectionIdLength = localConnectionIdLength;
    }

    /// <summary>Reads the next packet.</summary>
    /// <returns>False at the end of what can be read.</returns>
    public bool TryRead(out ProtectedPacket packet)
    {
        while (!_rest.IsEmpty)
        {
            bool isLong = (_rest[0] & HeaderBits.LongForm) != 0;
            if (!(isLong ? TryReadLong(_rest, out packet) : TryReadShort(_rest, _localConnectionIdLength, out packet)))
            {
                break;
            }

            _rest = _rest[packet.Bytes.Length..];

            // A sender coalesces packets of one connection only; another id in the same datagram is not ours to route.
            if (_isLater && packet.Destination != _destination)
            {
                continue;
            }

            _destination = packet.Destination;
            _isLater = true;
            return true;
        }

        _rest = default;
        packet = default;
        return false;
    }

    private static bool TryReadShort(Span<byte> rest, int connectionIdLength, out ProtectedPacket packet)
    {
        packet = default;
        if ((rest[0] & HeaderBits.Fixed) == 0 || rest.Length < 1 + connectionIdLength)
        {
            return false;
        }

        packet.Type = PacketType.OneRtt;
        packet.Version = QuicVersion.Version1;
        packet.Destination = new ConnectionId(rest.Slice(1, connectionIdLength));
        packet.PacketNumberOffset = 1 + connectionIdLength;
        packet.Bytes = rest;
        return true;
    }

    private static bool TryReadLong(Span<byte> rest, out ProtectedPacket packet)
    {
        packet = default;
        if (rest.Length < 5)
        {
            return false;
        }

        packet.Version = BinaryPrimitives.ReadUInt32BigEndian(rest[1..]);
        int offset = 5;
        if (!TryReadConnectionId(rest, ref offset, out packet.Destination) || !TryReadConnectionId(rest, ref offset, out packet.Source))
        {
            return false;
        }

        if (packet.Version == QuicVersion.Negotiation)
        {
            packet.Type = PacketType.VersionNegotiation;
            packet.Bytes = rest;
            return true;
        }

        if (!QuicVersion.IsSupported(packet.Version) || (rest[0] & HeaderBits.Fixed) == 0)
        {
            return false;
        }

        packet.Type = (PacketType)((rest[0] >> HeaderBits.LongTypeShift) & 0x03);
        if (packet.Type == PacketType.Retry)
        {
            if (rest.Length - offset < RetryPacket.TagLength)
            {
                return false;
            }

            packet.Token = rest[offset..^RetryPacket.TagLength];
            packet.Bytes = rest;
            return true;
        }

        if (packet.Type == PacketType.Initial)
        {
            if (!TryReadInteger(rest, ref offset, out long tokenLength) || tokenLength > rest.Length - offset)
            {
                return false;
            }

            packet.Token = rest.Slice(offset, (int)tokenLength);
            offset += (int)tokenLength;
        }

        if (!TryReadInteger(rest, ref offset, out long length) || length > rest.Length - offset)
        {
            return false;
        }

        packet.PacketNumberOffset = offset;
        packet.Bytes = rest[..(offset + (int)length)];
        return true;
    }

    private static bool TryReadConnectionId(ReadOnlySpan<byte> rest, ref int offset, out ConnectionId connectionId)
    {
        connectionId = default;
        if (offset >= rest.Length)
        {
            return false;
        }

        int length = rest[offset];
        if (length > ConnectionId.MaxLength || rest.Length - offset - 1 < length)
        {
            return false;
        }

        connectionId = new ConnectionId(rest.Slice(offset + 1, length));
        offset += 1 + length;
        return true;
    }

    private static bool TryReadInteger(ReadOnlySpan<byte> rest, ref int offset, out long value)
    {
        int length = VariableLengthInteger.TryRead(rest[offset..], out value);
        offset += length;
        return length > 0;
    }
}
