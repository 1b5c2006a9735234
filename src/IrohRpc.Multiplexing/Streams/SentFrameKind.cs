namespace IrohRpc.Multiplexing.Streams;

/// <summary>What a <see cref="SentFrame"/> was. The stream layer's kinds come first; the connection below it adds its own from <see cref="FirstOfConnection"/> on.</summary>
internal enum SentFrameKind : byte
{
    Stream,
    ResetStream,
    StopSending,
    MaxStreamData,
    StreamDataBlocked,
    MaxData,
    MaxStreamsBidirectional,
    MaxStreamsUnidirectional,
    DataBlocked,
    StreamsBlockedBidirectional,
    StreamsBlockedUnidirectional,

    /// <summary>From here on a kind is the connection's.</summary>
    FirstOfConnection = 32,
}
