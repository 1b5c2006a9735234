using System.Buffers.Binary;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Tests.Packets;

public class VersionNegotiationPacketTests
{
    [Fact]
    public void An_answer_swaps_the_ids_and_offers_version_1_beside_a_reserved_one()
    {
        // Ids of other versions may be longer than those of version 1.
        byte[] destination = [.. Enumerable.Range(0, 200).Select(i => (byte)i)];
        byte[] source = [1, 2, 3];
        byte[] datagram = [0x80, 0xba, 0xba, 0xba, 0xba, 200, .. destination, 3, .. source, 1, 2, 3];
        Assert.True(InvariantHeader.TryRead(datagram, 8, out InvariantHeader header));
        Assert.True(header.IsLong);

        byte[] answer = new byte[600];
        int written = VersionNegotiationPacket.Write(answer, header);
        Assert.True(InvariantHeader.TryRead(answer, 8, out InvariantHeader answered));
        Assert.Equal(source, answered.DestinationConnectionId);
        Assert.Equal(destination, answered.SourceConnectionId);
        Assert.True(VersionNegotiationPacket.TryRead(answer.AsSpan(0, written), out ReadOnlySpan<byte> versions));
        Assert.Equal(8, versions.Length);
        Assert.True(QuicVersion.IsReserved(BinaryPrimitives.ReadUInt32BigEndian(versions)));
        Assert.True(VersionNegotiationPacket.Contains(versions, QuicVersion.Version1));
        Assert.False(VersionNegotiationPacket.Contains(versions, 0xbabababa));
    }

    [Fact]
    public void The_reserved_version_is_never_the_one_that_was_asked_for()
    {
        for (uint i = 0; i < 256; i++)
        {
            byte[] datagram = [0x80, 0x1a, 0x2a, 0x3a, (byte)((i << 4) | 0x0a), 0, 0];
            Assert.True(InvariantHeader.TryRead(datagram, 0, out InvariantHeader header));
            byte[] answer = new byte[32];
            int written = VersionNegotiationPacket.Write(answer, header);
            Assert.True(VersionNegotiationPacket.TryRead(answer.AsSpan(0, written), out ReadOnlySpan<byte> versions));
            Assert.False(VersionNegotiationPacket.Contains(versions, header.Version));
        }
    }

    [Theory]
    [InlineData("800000000000")]
    [InlineData("80000000000000")]
    [InlineData("8000000000000000000000")]
    [InlineData("80000000000000000001")]
    [InlineData("80000000010000" + "00000001")]
    public void Malformed_answers_are_not_read(string hex)
    {
        bool isRead = VersionNegotiationPacket.TryRead(Convert.FromHexString(hex), out ReadOnlySpan<byte> versions);
        Assert.True(!isRead || versions.Length == 4);
        Assert.Equal(hex == "8000000000000000000000", isRead);
    }

    [Fact]
    public void The_answer_of_a_known_implementation_is_read()
    {
        byte[] datagram = Convert.FromHexString("c000000000" + "02aabb" + "01cc" + "3a4a5a6a" + "00000001" + "ff00001d" + "ff00001e");
        Assert.True(VersionNegotiationPacket.TryRead(datagram, out ReadOnlySpan<byte> versions));
        Assert.True(VersionNegotiationPacket.Contains(versions, QuicVersion.Version1));
        Assert.True(VersionNegotiationPacket.Contains(versions, 0xff00001d));
    }
}
