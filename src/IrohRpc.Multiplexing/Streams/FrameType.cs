namespace IrohRpc.Multiplexing.Streams;

/// <summary>The types of QUIC's frames that the stream layer knows (RFC 9000, section 19).</summary>
internal static class FrameType
{
    public const long Padding = 0x00;
    public const long ResetStream = 0x04;
    public const long StopSending = 0x05;

    /// <summary>The first of the eight STREAM types; the three lowest bits are flags.</summary>
    public const long Stream = 0x08;

    /// <summary>The last of the eight STREAM types.</summary>
    public const long StreamLast = 0x0f;

    /// <summary>In a STREAM type: this is the end of the stream.</summary>
    public const long StreamFin = 0x01;

    /// <summary>In a STREAM type: a length follows; without it the data reach to the end of the payload.</summary>
    public const long StreamLength = 0x02;

    /// <summary>In a STREAM type: an offset follows; without it the offset is zero.</summary>
    public const long StreamOffset = 0x04;

    public const long MaxData = 0x10;
    public const long MaxStreamData = 0x11;
    public const long MaxStreamsBidirectional = 0x12;
    public const long MaxStreamsUnidirectional = 0x13;
    public const long DataBlocked = 0x14;
    public const long StreamDataBlocked = 0x15;
    public const long StreamsBlockedBidirectional = 0x16;
    public const long StreamsBlockedUnidirectional = 0x17;

    /// <summary>CONNECTION_CLOSE with a code of the transport.</summary>
    public const long ConnectionCloseTransport = 0x1c;

    /// <summary>CONNECTION_CLOSE with a code of the application.</summary>
    public const long ConnectionCloseApplication = 0x1d;
}
