using CsCheck;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Tests.Packets;

public class PacketNumberTests
{
    [Fact]
    public void RFC_9000_appendix_A_is_followed()
    {
        Assert.Equal(2, PacketNumber.EncodedLength(0xac5c02, 0xabe8b3));
        Assert.Equal(3, PacketNumber.EncodedLength(0xace8fe, 0xabe8b3));
        Assert.Equal(0xa82f9b32, PacketNumber.Decode(0x9b32, 2, 0xa82f30ea));
    }

    [Fact]
    public void A_receiver_that_saw_anything_from_the_acknowledged_to_the_number_itself_decodes_it()
        => Gen.Select(Gen.Long[-1, PacketNumber.MaxValue - (1L << 31)], Gen.Long[1, (1L << 31) - 1], Gen.Double[0, 1])
            .Sample((acknowledged, distance, seen) =>
            {
                long number = acknowledged + distance;
                int length = PacketNumber.EncodedLength(number, acknowledged);
                byte[] bytes = new byte[length];
                PacketNumber.Write(bytes, number, length);
                long largestReceived = acknowledged + (long)(seen * (distance - 1));
                Assert.Equal(number, PacketNumber.Decode(PacketNumber.ReadTruncated(bytes), length, largestReceived));
            });

    [Fact]
    public void Decoding_gives_the_closest_number_with_those_low_bytes()
        => Gen.Select(Gen.Int[1, 4], Gen.OneOf(Gen.Long[-1, 1L << 34], Gen.Long[PacketNumber.MaxValue - (1L << 34), PacketNumber.MaxValue]), Gen.Long[0, uint.MaxValue])
            .Sample((length, largest, bits) =>
            {
                long window = 1L << (length * 8);
                long truncated = bits & (window - 1);
                long decoded = PacketNumber.Decode(truncated, length, largest);
                Assert.InRange(decoded, 0, PacketNumber.MaxValue);
                Assert.Equal(truncated, decoded & (window - 1));
                foreach (long other in new[] { decoded - window, decoded + window })
                {
                    Assert.True(other < 0 || other > PacketNumber.MaxValue || Math.Abs(decoded - (largest + 1)) <= Math.Abs(other - (largest + 1)));
                }
            });

    [Fact]
    public void A_distance_that_four_bytes_cannot_express_is_refused()
        => Assert.Throws<InvalidOperationException>(() => PacketNumber.EncodedLength(1L << 31, 0));
}
