using CsCheck;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

public class AckFrameTests
{
    [Theory]
    [InlineData("02")]
    [InlineData("020500")]
    [InlineData("0205000006")]
    [InlineData("020500010000")]
    [InlineData("02050001000500")]
    [InlineData("02050001000302")]
    [InlineData("02050001000202")]
    [InlineData("0205000500" + "0000")]
    [InlineData("020500ffffffffffffffff00" + "0000")]
    [InlineData("020500010" + "0ffffffffffffffffffffffffffffffff")]
    [InlineData("03050000000102")]
    public void A_malformed_frame_is_a_FRAME_ENCODING_ERROR(string hex)
    {
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => Read(Convert.FromHexString(hex)));
        Assert.Equal(TransportErrorCode.FrameEncodingError, violation.Code);
        Assert.Equal(hex.StartsWith("03", StringComparison.Ordinal) ? AckFrame.TypeWithEcn : AckFrame.Type, violation.FrameType);
    }

    [Theory]
    [InlineData("0205000005", "0-5")]
    [InlineData("02050001000102", "5-5 0-2")]
    [InlineData("020a00020101020100", "9-10 4-6 1-1")]
    [InlineData("0300000000010203", "0-0")]
    public void A_frame_is_read(string hex, string expected) => Assert.Equal(expected, Read(Convert.FromHexString(hex)));

    [Fact]
    public void No_bytes_make_the_reader_fail_otherwise()
        => Gen.Byte.Array[0, 60].Sample(bytes =>
        {
            try
            {
                Read([2, .. bytes]);
            }
            catch (TransportViolationException)
            {
            }
        });

    private static string Read(byte[] frame)
    {
        var reader = new FrameReader(frame);
        reader.ReadFrameType();
        List<string> ranges = [];
        foreach (AckRange range in AckFrame.Read(ref reader))
        {
            Assert.InRange(range.Smallest, 0, range.Largest);
            ranges.Add($"{range.Smallest}-{range.Largest}");
        }

        return string.Join(' ', ranges);
    }
}
