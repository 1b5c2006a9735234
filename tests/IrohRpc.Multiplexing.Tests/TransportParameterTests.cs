using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class TransportParameterTests
{
    [Fact]
    public void Parameters_read_back_as_they_were_written()
    {
        var parameters = new QMuxTransportParameters
        {
            MaxIdleTimeout = 30_000,
            MaxRecordSize = 20_000,
            Limits = new StreamLimits
            {
                MaxData = 1,
                MaxStreamDataBidirectionalLocal = 64,
                MaxStreamDataBidirectionalRemote = 16_384,
                MaxStreamDataUnidirectional = 1 << 30,
                MaxStreamsBidirectional = StreamId.MaxCount,
                MaxStreamsUnidirectional = 7,
            },
        };
        byte[] buffer = new byte[256];
        var writer = new FrameWriter(buffer);
        parameters.Write(ref writer);
        Assert.Equal(parameters, QMuxTransportParameters.Read(buffer.AsSpan(0, writer.Written)));
    }

    [Fact]
    public void An_absent_parameter_has_its_default()
    {
        var read = QMuxTransportParameters.Read([]);
        Assert.Equal(16382, read.MaxRecordSize);
        Assert.Equal(0, read.MaxIdleTimeout);
        Assert.Equal(StreamLimits.None, read.Limits);
    }

    [Fact]
    public void Unknown_parameters_are_ignored_however_often_they_come()
    {
        byte[] content = [.. Wire.Parameter(0x20, 1), .. Wire.Parameter(31 * 3 + 27, 1, 2, 3), .. Wire.Parameter(31 * 3 + 27)];
        Assert.Equal(StreamLimits.None, QMuxTransportParameters.Read(content).Limits);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x02)]
    [InlineData(0x03)]
    [InlineData(0x0a)]
    [InlineData(0x0b)]
    [InlineData(0x0c)]
    [InlineData(0x0d)]
    [InlineData(0x0e)]
    [InlineData(0x0f)]
    [InlineData(0x10)]
    public void A_parameter_that_QMux_forbids_is_a_violation(long id) => AssertRefused(Wire.Parameter(id, 1));

    [Theory]
    [InlineData(0x01)]
    [InlineData(0x04)]
    [InlineData(0x05)]
    [InlineData(0x06)]
    [InlineData(0x07)]
    [InlineData(0x08)]
    [InlineData(0x09)]
    public void A_parameter_that_is_there_twice_is_a_violation(long id)
        => AssertRefused([.. Wire.Parameter(id, 1), .. Wire.Parameter(id, 1)]);

    [Fact]
    public void A_record_size_that_is_there_twice_is_a_violation()
        => AssertRefused([.. Wire.Parameter(0x0571c59429cd0845, Wire.Integers(16382)), .. Wire.Parameter(0x0571c59429cd0845, Wire.Integers(16382))]);

    [Fact]
    public void A_record_size_below_the_default_is_a_violation()
        => AssertRefused(Wire.Parameter(0x0571c59429cd0845, Wire.Integers(16381)));

    [Theory]
    [InlineData(0x08)]
    [InlineData(0x09)]
    public void A_count_of_streams_above_2_to_the_60_is_a_violation(long id)
        => AssertRefused(Wire.Parameter(id, Wire.Integers(StreamId.MaxCount + 1)));

    [Fact]
    public void A_parameter_that_is_cut_off_is_a_violation() => AssertRefused([0x04, 0x04, 0x80]);

    [Fact]
    public void A_parameter_without_its_length_is_a_violation() => AssertRefused([0x04]);

    [Fact]
    public void A_value_that_is_shorter_than_its_length_is_a_violation() => AssertRefused(Wire.Parameter(0x04, 1, 2));

    [Fact]
    public void An_empty_value_is_a_violation() => AssertRefused(Wire.Parameter(0x04));

    private static void AssertRefused(byte[] content)
    {
        var peer = new HandDrivenPeer();
        peer.Send(Wire.Parameters(content));
        peer.AssertViolated(TransportErrorCode.TransportParameterError);
    }
}
