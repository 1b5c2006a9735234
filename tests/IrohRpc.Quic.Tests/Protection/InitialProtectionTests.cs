using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Protection;

public class InitialProtectionTests
{
    private static readonly ConnectionId Destination = new(Rfc9001Vectors.ConnectionId);

    [Fact]
    public void Secrets_are_derived_as_RFC_9001_shows()
    {
        byte[] client = new byte[32], server = new byte[32];
        InitialKeys.DeriveSecrets(Destination, client, server);
        Assert.Equal("c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea", Convert.ToHexStringLower(client));
        Assert.Equal("3c199828fd139efd216c155ad844cc81fb82fa8d7446fa7d78be803acdda951b", Convert.ToHexStringLower(server));
    }

    [Fact]
    public void A_client_Initial_is_sealed_as_RFC_9001_shows()
    {
        byte[] packet = new byte[1200];
        Rfc9001Vectors.ClientHeader.CopyTo(packet, 0);
        Rfc9001Vectors.ClientFrames.CopyTo(packet, Rfc9001Vectors.ClientHeader.Length);
        (SealingKeys sealing, _) = InitialKeys.Derive(Destination, isServer: false);
        sealing.Seal(packet, 18, 4, 2);
        Assert.Equal(Rfc9001Vectors.ClientPacket, packet);
    }

    [Fact]
    public void The_header_writer_makes_the_header_of_RFC_9001()
    {
        byte[] packet = new byte[1200];
        int offset = PacketHeaderWriter.WriteLong(packet, PacketType.Initial, Destination, default, [], 2, 4);
        PacketHeaderWriter.SetLength(packet, offset);
        Assert.Equal(18, offset);
        Assert.Equal(Rfc9001Vectors.ClientHeader, packet[..22]);
    }

    [Fact]
    public void A_client_Initial_is_opened_by_the_server()
    {
        byte[] datagram = [.. Rfc9001Vectors.ClientPacket];
        var reader = new PacketReader(datagram, 8);
        Assert.True(reader.TryRead(out ProtectedPacket packet));
        Assert.Equal(PacketType.Initial, packet.Type);
        (_, OpeningKeys opening) = InitialKeys.Derive(packet.Destination, isServer: true);
        Assert.True(opening.TryOpen(packet.Bytes, packet.PacketNumberOffset, -1, out OpenedPacket opened));
        Assert.Equal(new OpenedPacket(2, 22, 1162, 0), opened);
        Assert.Equal(Rfc9001Vectors.ClientFrames, packet.Bytes.Slice(22, Rfc9001Vectors.ClientFrames.Length).ToArray());
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_server_Initial_is_sealed_and_opened_as_RFC_9001_shows()
    {
        byte[] packet = [.. Rfc9001Vectors.ServerHeader, .. Rfc9001Vectors.ServerFrames, .. new byte[16]];
        (SealingKeys sealing, _) = InitialKeys.Derive(Destination, isServer: true);
        sealing.Seal(packet, 18, 2, 1);
        Assert.Equal(Rfc9001Vectors.ServerPacket, packet);

        (_, OpeningKeys opening) = InitialKeys.Derive(Destination, isServer: false);
        Assert.True(opening.TryOpen(packet, 18, -1, out OpenedPacket opened));
        Assert.Equal(1, opened.PacketNumber);
        Assert.Equal(Rfc9001Vectors.ServerFrames, packet.AsSpan(opened.PayloadOffset, opened.PayloadLength).ToArray());
    }

    [Fact]
    public void A_changed_bit_anywhere_makes_a_packet_unauthentic_and_leaves_its_header_and_end_as_they_were()
    {
        (_, OpeningKeys opening) = InitialKeys.Derive(Destination, isServer: false);
        for (int bit = 0; bit < Rfc9001Vectors.ServerPacket.Length * 8; bit++)
        {
            byte[] packet = [.. Rfc9001Vectors.ServerPacket];
            packet[bit / 8] ^= (byte)(1 << (bit % 8));
            byte[] before = [.. packet];
            Assert.False(opening.TryOpen(packet, 18, -1, out _));
            Assert.Equal(before[..22], packet[..22]);
            Assert.Equal(before[^16..], packet[^16..]);
        }
    }

    [Fact]
    public void A_packet_too_short_for_a_sample_is_ignored()
    {
        (_, OpeningKeys opening) = InitialKeys.Derive(Destination, isServer: false);
        for (int length = 18; length < 18 + 4 + 16; length++)
        {
            Assert.False(opening.TryOpen(new byte[length], 18, -1, out _));
        }
    }

    [Fact]
    public void A_packet_too_short_for_a_sample_is_not_sealed()
    {
        (SealingKeys sealing, _) = InitialKeys.Derive(Destination, isServer: false);
        Assert.Throws<ArgumentException>(() => sealing.Seal(new byte[18 + 1 + 2 + 16], 18, 1, 0));
        sealing.Seal(new byte[18 + 1 + 3 + 16], 18, 1, 0);
    }

    [Fact]
    public void Reserved_bits_in_an_authentic_packet_are_a_violation()
    {
        (SealingKeys sealing, _) = InitialKeys.Derive(Destination, isServer: true);
        (_, OpeningKeys opening) = InitialKeys.Derive(Destination, isServer: false);
        byte[] packet = new byte[60];
        PacketHeaderWriter.WriteLong(packet, PacketType.Initial, default, Destination, [], 0, 1);
        packet[0] |= 0x04;
        sealing.Seal(packet, 18, 1, 0);
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => opening.TryOpen(packet, 18, -1, out _));
        Assert.Equal(TransportErrorCode.ProtocolViolation, violation.Code);
    }

    [Fact]
    public void Too_many_forged_packets_end_the_connection()
    {
        var opening = new OpeningKeys(CipherSuite.Aes128Gcm, new byte[32], new AeadLimits(10, 3, 5));
        Assert.False(opening.TryOpen(new byte[60], 18, -1, out _));
        Assert.False(opening.TryOpen(new byte[60], 18, -1, out _));
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => opening.TryOpen(new byte[60], 18, -1, out _));
        Assert.Equal(TransportErrorCode.AeadLimitReached, violation.Code);
    }

    [Fact]
    public void A_worn_key_seals_nothing_more()
    {
        var sealing = new SealingKeys(CipherSuite.Aes128Gcm, new byte[32], new AeadLimits(AeadLimits.ReservedForClose + 2, 3, 1));
        for (int i = 0; i < AeadLimits.ReservedForClose + 2; i++)
        {
            Assert.Equal(i >= 2, sealing.IsExhausted);
            sealing.Seal(new byte[60], 18, 1, i);
        }

        Assert.Throws<InvalidOperationException>(() => sealing.Seal(new byte[60], 18, 1, 99));
    }
}
