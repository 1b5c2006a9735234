namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// The control frames that a stream wants sent. They are flags and not a queue, so that a peer that provokes them faster than it reads
/// them costs no memory.
/// </summary>
[Flags]
internal enum PendingFrames
{
    None = 0,
    ResetStream = 1,
    StopSending = 2,
    MaxStreamData = 4,
    StreamDataBlocked = 8,
}
