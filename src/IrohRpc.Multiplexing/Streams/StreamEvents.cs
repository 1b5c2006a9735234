namespace IrohRpc.Multiplexing.Streams;

/// <summary>What has happened to a stream since its owner last asked.</summary>
[Flags]
internal enum StreamEvents
{
    None = 0,

    /// <summary>There is something to read: bytes, the end, or the peer's abort.</summary>
    Readable = 1,

    /// <summary>The write that waited was taken in full.</summary>
    Written = 2,

    /// <summary>The end of this side's writes was handed over for sending.</summary>
    WritesFinished = 4,

    /// <summary>The peer wants nothing more: its STOP_SENDING arrived.</summary>
    Stopped = 8,
}
