using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>Protects the packets that are sent at one encryption level without key updates: Initial, 0-RTT, Handshake.</summary>
internal sealed class SealingKeys : IDisposable
{
    private readonly PacketKey _packetKey;
    private readonly HeaderProtection _headerProtection;
    private readonly AeadLimits _limits;
    private long _sealed;

    /// <summary>Derives the keys from a traffic secret.</summary>
    public SealingKeys(CipherSuite suite, ReadOnlySpan<byte> secret, AeadLimits? limits = null)
    {
        _packetKey = new PacketKey(suite, secret);
        _headerProtection = HeaderProtection.Create(suite, secret);
        _limits = limits ?? AeadLimits.For(suite);
    }

    /// <summary>Whether the connection must close with AEAD_LIMIT_REACHED; a few packets are left to say so.</summary>
    public bool IsExhausted => _sealed >= _limits.Confidentiality - AeadLimits.ReservedForClose;

    /// <summary>Encrypts a packet in place and protects its header.</summary>
    /// <param name="packet">
    /// Header, frames and <see cref="CipherSuite.TagLength"/> bytes of room for the tag; packet number and frames take at least
    /// <see cref="PacketNumber.MaxLength"/> bytes together.
    /// </param>
    /// <param name="packetNumberOffset">Where the packet number starts.</param>
    /// <param name="packetNumberLength">How many bytes it takes.</param>
    /// <param name="packetNumber">The full packet number.</param>
    public void Seal(Span<byte> packet, int packetNumberOffset, int packetNumberLength, long packetNumber)
    {
        if (_sealed >= _limits.Confidentiality)
        {
            throw new InvalidOperationException("The key has sealed as many packets as its cipher allows.");
        }

        _sealed++;
        Seal(_packetKey, _headerProtection, packet, packetNumberOffset, packetNumberLength, packetNumber);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _packetKey.Dispose();
        _headerProtection.Dispose();
    }

    internal static void Seal(
        PacketKey packetKey,
        HeaderProtection headerProtection,
        Span<byte> packet,
        int packetNumberOffset,
        int packetNumberLength,
        long packetNumber,
        uint pathId = 0)
    {
        if (!HeaderProtection.HasSample(packet.Length, packetNumberOffset))
        {
            throw new ArgumentException("The packet is too short for header protection; pad it.", nameof(packet));
        }

        int payloadOffset = packetNumberOffset + packetNumberLength;
        packetKey.Seal(
            packetNumber, packet[..payloadOffset], packet[payloadOffset..^CipherSuite.TagLength], packet[^CipherSuite.TagLength..], pathId);
        headerProtection.Protect(packet, packetNumberOffset);
    }
}
