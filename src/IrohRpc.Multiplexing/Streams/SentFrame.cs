namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// A frame that left in a packet that may be lost: as much of it as its sender needs to send it again or to know that it has arrived.
/// </summary>
internal struct SentFrame
{
    /// <summary>What it was.</summary>
    public SentFrameKind Kind;

    /// <summary>For STREAM: whether it carried the end.</summary>
    public bool IsFin;

    /// <summary>How many bytes it carried, where it carried some.</summary>
    public int Length;

    /// <summary>The next frame of the same packet in <see cref="SentFrames"/>; -1 for none.</summary>
    internal int Next;

    /// <summary>The offset of its bytes, or the number that it was about.</summary>
    public long Offset;

    /// <summary>The stream that it was about; null for none.</summary>
    public MultiplexedStream? Stream;
}
