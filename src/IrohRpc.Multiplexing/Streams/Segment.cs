namespace IrohRpc.Multiplexing.Streams;

/// <summary>A rented array in a chain of them: the bytes from <see cref="Start"/> to <see cref="End"/> are taken.</summary>
internal sealed class Segment
{
    public byte[] Array = [];
    public int Start;
    public int End;
    public Segment? Next;

    /// <summary>The offset in the stream of the first byte of <see cref="Array"/>, where the owner keeps track of offsets.</summary>
    public long Offset;
}
