using CsCheck;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Tests.Protection;

namespace IrohRpc.Quic.Tests.Packets;

public class PacketReaderTests
{
    private static readonly ConnectionId Receiver = new([1, 2, 3, 4, 5, 6, 7, 8]);
    private static readonly ConnectionId Sender = new([9, 9]);

    [Fact]
    public void Coalesced_packets_are_read_in_turn()
    {
        byte[] datagram = [.. Long(PacketType.Initial, Receiver, 50, [5, 5]), .. Long(PacketType.ZeroRtt, Receiver, 40), .. Long(PacketType.Handshake, Receiver, 30), .. Short(Receiver, 25)];
        var reader = new PacketReader(datagram, 8);
        List<(PacketType, int, int)> read = [];
        while (reader.TryRead(out ProtectedPacket packet))
        {
            Assert.Equal(Receiver, packet.Destination);
            Assert.Equal(packet.Type == PacketType.OneRtt ? default : Sender, packet.Source);
            Assert.Equal(packet.Type == PacketType.Initial ? [5, 5] : [], packet.Token.ToArray());
            read.Add((packet.Type, packet.PacketNumberOffset, packet.Bytes.Length));
        }

        Assert.Equal(
            [
                (PacketType.Initial, 22, 22 + 50), (PacketType.ZeroRtt, 19, 19 + 40), (PacketType.Handshake, 19, 19 + 30),
                (PacketType.OneRtt, 9, 9 + 25),
            ],
            read);
    }

    [Fact]
    public void A_packet_for_another_connection_in_the_same_datagram_is_left_out()
    {
        byte[] datagram = [.. Long(PacketType.Initial, Receiver, 50), .. Long(PacketType.Handshake, Sender, 30), .. Long(PacketType.Handshake, Receiver, 31)];
        Assert.Equal([(PacketType.Initial, 50), (PacketType.Handshake, 31)], ReadAll(datagram));
    }

    [Fact]
    public void What_follows_an_unreadable_packet_is_left_out()
    {
        byte[] unknownVersion = Long(PacketType.Handshake, Receiver, 30);
        unknownVersion[4] = 2;
        byte[] noFixedBit = Long(PacketType.Handshake, Receiver, 30);
        noFixedBit[0] &= 0xbf;
        byte[] lengthTooLarge = Long(PacketType.Handshake, Receiver, 30)[..^1];
        byte[] longId = Long(PacketType.Handshake, Receiver, 30);
        longId[5] = 21;
        foreach (byte[] bad in new[] { unknownVersion, noFixedBit, longId, lengthTooLarge, Short(Receiver, 30).Select((b, i) => i == 0 ? (byte)0 : b).ToArray(), [0x40, 1, 2] })
        {
            Assert.Empty(ReadAll(bad));
            byte[] good = Long(PacketType.Initial, Receiver, 50);
            Assert.Equal([(PacketType.Initial, 50)], ReadAll([.. good, .. bad]));
        }
    }

    [Fact]
    public void A_token_longer_than_the_datagram_is_unreadable()
    {
        byte[] packet = Long(PacketType.Initial, Receiver, 50);
        packet[17] = 0xff;
        Assert.Empty(ReadAll(packet));
    }

    [Fact]
    public void No_bytes_make_the_reader_fail()
        => Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 20], Gen.Bool).Sample((bytes, length, version1) =>
        {
            if (version1 && bytes.Length > 5)
            {
                bytes[0] |= 0xc0;
                new byte[] { 0, 0, 0, 1, (byte)(bytes[5] % 22) }.CopyTo(bytes, 1);
            }

            var reader = new PacketReader(bytes, length);
            int total = 0;
            while (reader.TryRead(out ProtectedPacket packet))
            {
                total += packet.Bytes.Length;
                Assert.InRange(packet.PacketNumberOffset, 0, packet.Bytes.Length);
            }

            Assert.InRange(total, 0, bytes.Length);
            InvariantHeader.TryRead(bytes, length, out _);
        });

    [Fact]
    public void A_packet_cut_short_anywhere_is_unreadable()
    {
        for (int length = 0; length < Rfc9001Vectors.ServerPacket.Length; length++)
        {
            Assert.Empty(ReadAll(Rfc9001Vectors.ServerPacket[..length]));
        }
    }

    private static List<(PacketType Type, int Length)> ReadAll(byte[] datagram)
    {
        var reader = new PacketReader(datagram, 8);
        List<(PacketType, int)> read = [];
        while (reader.TryRead(out ProtectedPacket packet))
        {
            read.Add((packet.Type, packet.Bytes.Length - packet.PacketNumberOffset));
        }

        return read;
    }

    private static byte[] Long(PacketType type, ConnectionId receiver, int length, byte[]? token = null)
    {
        byte[] packet = new byte[200];
        int offset = PacketHeaderWriter.WriteLong(packet, type, receiver, Sender, token ?? [], 0, 1);
        PacketHeaderWriter.SetLength(packet.AsSpan(0, offset + length), offset);
        return packet[..(offset + length)];
    }

    private static byte[] Short(ConnectionId receiver, int length)
    {
        byte[] packet = new byte[200];
        int offset = PacketHeaderWriter.WriteShort(packet, receiver, spin: true, 0, 1);
        Assert.Equal(0x60, packet[0]);
        return packet[..(offset + length)];
    }
}
