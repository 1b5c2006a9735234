using IrohRpc.Multiplexing.Parameters;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.QMux;

/// <summary>What each side declares at the start (RFC 9000, section 18; draft-ietf-quic-qmux, "Transport Parameters").</summary>
internal sealed record QMuxTransportParameters
{
    /// <summary>The size of records that everybody takes, and the least that a side may declare.</summary>
    public const int DefaultMaxRecordSize = 16382;

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
        CommonParameters.Write(ref writer, CommonParameters.MaxIdleTimeout, MaxIdleTimeout, 0);
        CommonParameters.Write(ref writer, Limits);
        CommonParameters.Write(ref writer, MaxRecordSizeId, MaxRecordSize, DefaultMaxRecordSize);
    }

    /// <summary>Reads the content of QX_TRANSPORT_PARAMETERS.</summary>
    /// <exception cref="TransportViolationException">TRANSPORT_PARAMETER_ERROR.</exception>
    public static QMuxTransportParameters Read(ReadOnlySpan<byte> content)
    {
        var limits = new StreamLimits();
        long idleTimeout = 0;
        long recordSize = DefaultMaxRecordSize;
        var reader = new ParameterReader(content, QMuxFrameType.TransportParameters);
        while (reader.MoveNext())
        {
            switch (reader.Id)
            {
                case CommonParameters.MaxIdleTimeout:
                    idleTimeout = reader.ReadInteger();
                    break;
                case MaxRecordSizeId:
                    recordSize = reader.ReadInteger(DefaultMaxRecordSize, long.MaxValue, "max_record_size");
                    break;
                case long when reader.TryReadLimit(ref limits):
                    break;
                case <= LastQuicId:
                    throw reader.Violation($"transport parameter 0x{reader.Id:x} is forbidden in QMux");
                default:
                    continue;
            }

            // Record sizes have the bit of a parameter that is forbidden.
            reader.RequireFirst(reader.Id == MaxRecordSizeId ? 0 : (int)reader.Id);
        }

        return new QMuxTransportParameters { Limits = limits, MaxIdleTimeout = idleTimeout, MaxRecordSize = recordSize };
    }
}
