namespace IrohRpc.Multiplexing;

/// <summary>A rented array in a chain of them: the bytes from <see cref="Start"/> to <see cref="End"/> are taken.</summary>
internal sealed class Segment
{
    public byte[] Array = [];
    public int Start;
    public int End;
    public Segment? Next;
}
