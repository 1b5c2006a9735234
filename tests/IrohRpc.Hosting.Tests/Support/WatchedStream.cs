namespace IrohRpc.Hosting.Tests;

/// <summary>A result's bytes that need the scope for as long as they are read, and as they are disposed of.</summary>
internal sealed class WatchedStream(Workpiece workpiece, Journal journal) : MemoryStream([1, 2, 3])
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await journal.Gate.WaitAsync(cancellationToken);
        workpiece.RequireAlive();
        return await base.ReadAsync(buffer, cancellationToken);
    }

    public override ValueTask DisposeAsync()
    {
        workpiece.RequireAlive();
        journal.Write("stream disposed");
        return base.DisposeAsync();
    }
}
