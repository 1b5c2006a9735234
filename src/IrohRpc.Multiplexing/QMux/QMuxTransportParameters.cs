using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.QMux;

/// <summary>What each side declares at the start (RFC 9000, section 18; draft-ietf-quic-qmux, "Transport Parameters").</summary>
internal sealed record QMuxTransportParameters
{
    /// <summary>The size of records that everybody takes, and the least that a side may declare.</summary>
    public const int DefaultMaxRecordSize = 16382;

    private const long MaxIdleTimeoutId = 0x01;
    private const long InitialMaxDataId = 0x04;
    private const long InitialMaxStreamDataBidirectionalLocalId = 0x05;
    private const long InitialMaxStreamDataBidirectionalRemoteId = 0x06;
    private const long InitialMaxStreamDataUnidirectionalId = 0x07;
    private const long InitialMaxStreamsBidirectionalId = 0x08;
    private const long InitialMaxStreamsUnidirectionalId = 0x09;
    private const long MaxRecordSizeId = 0x0571c59429cd0845;

    // The other parameters of RFC 9000 (0x00, 0x02, 0x03 and 0x0a to 0x10) have no meaning here and are forbidden.
    private const long LastQuicId = 0x10;

    /// <summary>How much the other side may send at first.</summary>
    public StreamLimits Limits { get; init; } = StreamLimits.None;

    /// <summary>max_idle_timeout in milliseconds; zero for none.</summary>
    public long MaxIdleTimeout { get; init; }

    /// <summary>How long the frames of one record may be that the other side sends, in bytes.</summary>
    public long MaxRecordSize { get; init; } = DefaultMaxRecordSize;

    /// <summary>Writes the parameters as the content of QX_TRANSPORT_PARAMETERS; a default value is left out.</summary>
    public void Write(ref FrameWriter writer)
    {
        Write(ref writer, MaxIdleTimeoutId, MaxIdleTimeout, 0);
        Write(ref writer, InitialMaxDataId, Limits.MaxData, 0);
        Write(ref writer, InitialMaxStreamDataBidirectionalLocalId, Limits.MaxStreamDataBidirectionalLocal, 0);
        Write(ref writer, InitialMaxStreamDataBidirectionalRemoteId, Limits.MaxStreamDataBidirectionalRemote, 0);
        Write(ref writer, InitialMaxStreamDataUnidirectionalId, Limits.MaxStreamDataUnidirectional, 0);
        Write(ref writer, InitialMaxStreamsBidirectionalId, Limits.MaxStreamsBidirectional, 0);
        Write(ref writer, InitialMaxStreamsUnidirectionalId, Limits.MaxStreamsUnidirectional, 0);
        Write(ref writer, MaxRecordSizeId, MaxRecordSize, DefaultMaxRecordSize);
    }

    /// <summary>Reads the content of QX_TRANSPORT_PARAMETERS.</summary>
    /// <exception cref="TransportViolationException">TRANSPORT_PARAMETER_ERROR.</exception>
    public static QMuxTransportParameters Read(ReadOnlySpan<byte> content)
    {
        var limits = new StreamLimits();
        long idleTimeout = 0;
        long recordSize = DefaultMaxRecordSize;
        uint seen = 0;
        while (!content.IsEmpty)
        {
            long id = ReadInteger(ref content);
            long length = ReadInteger(ref content);
            if (length > content.Length)
            {
                throw Violation("a transport parameter is cut off");
            }

            ReadOnlySpan<byte> value = content[..(int)length];
            content = content[(int)length..];
            switch (id)
            {
                case MaxIdleTimeoutId:
                    idleTimeout = ReadValue(value);
                    break;
                case InitialMaxDataId:
                    limits = limits with { MaxData = ReadValue(value) };
                    break;
                case InitialMaxStreamDataBidirectionalLocalId:
                    limits = limits with { MaxStreamDataBidirectionalLocal = ReadValue(value) };
                    break;
                case InitialMaxStreamDataBidirectionalRemoteId:
                    limits = limits with { MaxStreamDataBidirectionalRemote = ReadValue(value) };
                    break;
                case InitialMaxStreamDataUnidirectionalId:
                    limits = limits with { MaxStreamDataUnidirectional = ReadValue(value) };
                    break;
                case InitialMaxStreamsBidirectionalId:
                    limits = limits with { MaxStreamsBidirectional = ReadStreamCount(value) };
                    break;
                case InitialMaxStreamsUnidirectionalId:
                    limits = limits with { MaxStreamsUnidirectional = ReadStreamCount(value) };
                    break;
                case MaxRecordSizeId:
                    recordSize = ReadRecordSize(value);
                    break;
                case <= LastQuicId:
                    throw Violation($"transport parameter 0x{id:x} is forbidden in QMux");
                default:
                    // Unknown ones are ignored, and not remembered: a list of them would be the peer's to grow.
                    continue;
            }

            uint bit = id == MaxRecordSizeId ? 1 : 1u << (int)id;
            if ((seen & bit) != 0)
            {
                throw Violation($"transport parameter 0x{id:x} is there twice");
            }

            seen |= bit;
        }

        return new QMuxTransportParameters { Limits = limits, MaxIdleTimeout = idleTimeout, MaxRecordSize = recordSize };
    }

    private static void Write(ref FrameWriter writer, long id, long value, long defaultValue)
    {
        if (value != defaultValue)
        {
            writer.Write(id);
            writer.Write(VariableLengthInteger.LengthOf(value));
            writer.Write(value);
        }
    }

    private static long ReadInteger(ref ReadOnlySpan<byte> content)
    {
        int length = VariableLengthInteger.TryRead(content, out long value);
        if (length == 0)
        {
            throw Violation("a transport parameter is cut off");
        }

        content = content[length..];
        return value;
    }

    private static long ReadValue(ReadOnlySpan<byte> value)
    {
        long result = ReadInteger(ref value);
        return value.IsEmpty ? result : throw Violation("a transport parameter is longer than its value");
    }

    private static long ReadStreamCount(ReadOnlySpan<byte> value)
    {
        long count = ReadValue(value);
        return count <= StreamId.MaxCount ? count : throw Violation("an initial count of streams is above 2^60");
    }

    private static long ReadRecordSize(ReadOnlySpan<byte> value)
    {
        long size = ReadValue(value);
        return size >= DefaultMaxRecordSize ? size : throw Violation("max_record_size is below 16382");
    }

    private static TransportViolationException Violation(string message)
        => new(TransportErrorCode.TransportParameterError, QMuxFrameType.TransportParameters, message);
}
