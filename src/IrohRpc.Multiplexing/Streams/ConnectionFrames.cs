namespace IrohRpc.Multiplexing.Streams;

/// <summary>Frames about all streams of a connection that were lost and are to be sent again, with what they say now.</summary>
[Flags]
internal enum ConnectionFrames
{
    None = 0,
    MaxData = 1,
    MaxStreamsBidirectional = 2,
    MaxStreamsUnidirectional = 4,
}
