using CsCheck;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class VariableLengthIntegerTests
{
    // The samples of RFC 9000, appendix A.1.
    [Theory]
    [InlineData("c2197c5eff14e88c", 151_288_809_941_952_652)]
    [InlineData("9d7f3e7d", 494_878_333)]
    [InlineData("7bbd", 15_293)]
    [InlineData("25", 37)]
    [InlineData("4025", 37)]
    public void The_samples_of_the_RFC_read_as_it_says(string hex, long value)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(bytes.Length, VariableLengthInteger.TryRead(bytes, out long read));
        Assert.Equal(value, read);
    }

    [Fact]
    public void Every_value_reads_back_in_its_shortest_form_and_no_part_of_it_reads()
        => Gen.Int[0, 62].SelectMany(bits => Gen.Long[0, (1L << bits) - 1]).Sample(value =>
        {
            byte[] bytes = Wire.Integers(value);
            Assert.Equal(VariableLengthInteger.LengthOf(value), bytes.Length);
            Assert.Equal(bytes.Length, VariableLengthInteger.TryRead(bytes, out long read));
            Assert.Equal(value, read);
            Assert.Equal(0, VariableLengthInteger.TryRead(bytes.AsSpan(0, bytes.Length - 1), out _));
        });

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(16383)]
    public void A_fixed_place_of_two_bytes_reads_as_any_other(int value)
    {
        byte[] bytes = new byte[2];
        VariableLengthInteger.WriteTwoBytes(bytes, value);
        Assert.Equal(2, VariableLengthInteger.TryRead(bytes, out long read));
        Assert.Equal(value, read);
    }
}
