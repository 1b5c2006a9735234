using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class TransportParameterTests
{
    public static TheoryData<string, byte[]> Illegal => new()
    {
        { "ack_delay_exponent 21", Parameter(0x0a, 21) },
        { "max_ack_delay 2^14", Parameter(0x0b, 0x80, 0x00, 0x40, 0x00) },
        { "active_connection_id_limit 1", Parameter(0x0e, 1) },
        { "max_udp_payload_size 1199", Parameter(0x03, 0x44, 0xaf) },
        { "streams above 2^60", Parameter(0x08, 0xd0, 0, 0, 0, 0, 0, 0, 1) },
        { "twice", [.. Parameter(0x01, 5), .. Parameter(0x01, 5)] },
        { "twice, an extension's", [.. Parameter(0x20, 5), .. Parameter(0x20, 5)] },
        { "a server's from a client: original_destination_connection_id", Parameter(0x00, 1, 2) },
        { "a server's from a client: stateless_reset_token", Parameter(0x02, new byte[16]) },
        { "a server's from a client: preferred_address", Parameter(0x0d, new byte[50]) },
        { "a server's from a client: retry_source_connection_id", Parameter(0x10, 1) },
        { "a flag with a value", Parameter(0x0c, 1) },
        { "cut off", [0x01, 5, 1] },
        { "longer than its value", Parameter(0x01, 5, 5) },
        { "an id of 21 bytes", Parameter(0x0f, new byte[21]) },
        { "min_ack_delay above max_ack_delay", [.. Parameter(0xff04de1b, 0x80, 0x00, 0x70, 0x00), .. Parameter(0x0b, 25)] },
    };

    [Theory]
    [MemberData(nameof(Illegal))]
    public void What_is_illegal_is_refused(string what, byte[] content)
    {
        TransportViolationException violation = Assert.Throws<TransportViolationException>(() => TransportParametersReader.Read(content, isFromServer: false));
        Assert.Equal(TransportErrorCode.TransportParameterError, violation.Code);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_preferred_address_without_id_is_refused_and_another_is_passed_over()
    {
        byte[] value = new byte[4 + 2 + 16 + 2 + 1 + 8 + 16];
        value[24] = 8;
        TransportParametersReader.Read(Parameter(0x0d, value), isFromServer: true);
        value[24] = 0;
        Assert.Throws<TransportViolationException>(() => TransportParametersReader.Read(Parameter(0x0d, value), isFromServer: true));
    }

    [Fact]
    public void Unknown_ones_are_passed_over_also_when_they_are_there_twice()
        => TransportParametersReader.Read([.. Parameter(27, 1), .. Parameter(27, 1), .. Parameter(0x3e, 7), .. Parameter(0x3d7f91120401, 0x20)], true);

    [Fact]
    public void What_is_written_is_read()
    {
        var parameters = new TransportParameters
        {
            OriginalDestinationConnectionId = new ConnectionId([1, 2, 3]),
            MaxIdleTimeout = 30_000,
            StatelessResetToken = new StatelessResetToken(Enumerable.Range(0, 16).Select(i => (byte)i).ToArray()),
            MaxUdpPayloadSize = 1472,
            Limits = new StreamLimits
            {
                MaxData = 1,
                MaxStreamDataBidirectionalLocal = 2,
                MaxStreamDataBidirectionalRemote = 3,
                MaxStreamDataUnidirectional = 4,
                MaxStreamsBidirectional = 5,
                MaxStreamsUnidirectional = 6,
            },
            AckDelayExponent = 4,
            MaxAckDelay = 26,
            DisableActiveMigration = true,
            ActiveConnectionIdLimit = 7,
            InitialSourceConnectionId = new ConnectionId([]),
            RetrySourceConnectionId = new ConnectionId([9]),
            MaxDatagramFrameSize = 65535,
        };
        Assert.Equal(parameters, TransportParametersReader.Read(TransportParametersWriter.Write(parameters), isFromServer: true));
    }

    private static byte[] Parameter(long id, params byte[] value)
    {
        byte[] head = new byte[16];
        int length = VariableLengthInteger.Write(head, id);
        length += VariableLengthInteger.Write(head.AsSpan(length), value.Length);
        return [.. head.AsSpan(0, length), .. value];
    }
}
