using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>Removes the protection of packets that arrive at one encryption level without key updates: Initial, 0-RTT, Handshake.</summary>
internal sealed class OpeningKeys : IDisposable
{
    private readonly PacketKey _packetKey;
    private readonly HeaderProtection _headerProtection;
    private readonly AeadLimits _limits;
    private long _failed;

    /// <summary>Derives the keys from a traffic secret.</summary>
    public OpeningKeys(CipherSuite suite, ReadOnlySpan<byte> secret, AeadLimits? limits = null)
    {
        _packetKey = new PacketKey(suite, secret);
        _headerProtection = HeaderProtection.Create(suite, secret);
        _limits = limits ?? AeadLimits.For(suite);
    }

    /// <summary>Removes a packet's protection in place.</summary>
    /// <param name="packet">The packet with its long header, as far as its length says.</param>
    /// <param name="packetNumberOffset">Where the packet number starts.</param>
    /// <param name="largestReceived">The largest packet number received in this space, or -1.</param>
    /// <param name="opened">Where the parts are, if the result is true.</param>
    /// <returns>
    /// False if the packet is not authentic and must be ignored. Its frames are destroyed then, but a stateless reset can still be
    /// recognized by its end.
    /// </returns>
    /// <exception cref="TransportViolationException">
    /// The peer set reserved bits, or the connection has received more forged packets than the cipher allows.
    /// </exception>
    public bool TryOpen(Span<byte> packet, int packetNumberOffset, long largestReceived, out OpenedPacket opened)
    {
        opened = default;
        if (!HeaderProtection.HasSample(packet.Length, packetNumberOffset))
        {
            return false;
        }

        var snapshot = new HeaderSnapshot(packet, packetNumberOffset);
        int numberLength = _headerProtection.Unprotect(packet, packetNumberOffset);
        long packetNumber = PacketNumber.Decode(
            PacketNumber.ReadTruncated(packet.Slice(packetNumberOffset, numberLength)), numberLength, largestReceived);
        int payloadOffset = packetNumberOffset + numberLength;
        if (!_packetKey.TryOpen(
            packetNumber, packet[..payloadOffset], packet[payloadOffset..^CipherSuite.TagLength], packet[^CipherSuite.TagLength..]))
        {
            snapshot.Restore();
            CountFailure(ref _failed, _limits);
            return false;
        }

        ThrowIfReservedBits(packet[0], HeaderBits.LongReserved);
        opened = new OpenedPacket(packetNumber, payloadOffset, packet.Length - payloadOffset - CipherSuite.TagLength, 0);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packetKey.Dispose();
        _headerProtection.Dispose();
    }

    internal static void CountFailure(ref long failed, AeadLimits limits)
    {
        if (++failed >= limits.Integrity)
        {
            throw new TransportViolationException(TransportErrorCode.AeadLimitReached, 0, "too many packets failed authentication");
        }
    }

    internal static void ThrowIfReservedBits(byte first, byte reserved)
    {
        if ((first & reserved) != 0)
        {
            throw new TransportViolationException(TransportErrorCode.ProtocolViolation, 0, "reserved bits of a header are set");
        }
    }
}
