using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.Parameters;

/// <summary>The transport parameters that QUIC and QMux have in common (RFC 9000, section 18.2), and how parameters are written.</summary>
internal static class CommonParameters
{
    public const long MaxIdleTimeout = 0x01;
    public const long MaxData = 0x04;
    public const long MaxStreamDataBidirectionalLocal = 0x05;
    public const long MaxStreamDataBidirectionalRemote = 0x06;
    public const long MaxStreamDataUnidirectional = 0x07;
    public const long MaxStreamsBidirectional = 0x08;
    public const long MaxStreamsUnidirectional = 0x09;

    /// <summary>Writes limits; one that is zero is left out, as it means the same.</summary>
    public static void Write(ref FrameWriter writer, StreamLimits limits)
    {
        Write(ref writer, MaxData, limits.MaxData, 0);
        Write(ref writer, MaxStreamDataBidirectionalLocal, limits.MaxStreamDataBidirectionalLocal, 0);
        Write(ref writer, MaxStreamDataBidirectionalRemote, limits.MaxStreamDataBidirectionalRemote, 0);
        Write(ref writer, MaxStreamDataUnidirectional, limits.MaxStreamDataUnidirectional, 0);
        Write(ref writer, MaxStreamsBidirectional, limits.MaxStreamsBidirectional, 0);
        Write(ref writer, MaxStreamsUnidirectional, limits.MaxStreamsUnidirectional, 0);
    }

    /// <summary>Writes one parameter that is an integer, unless it has its default value.</summary>
    public static void Write(ref FrameWriter writer, long id, long value, long defaultValue)
    {
        if (value != defaultValue)
        {
            writer.Write(id);
            writer.Write(VariableLengthInteger.LengthOf(value));
            writer.Write(value);
        }
    }
}
