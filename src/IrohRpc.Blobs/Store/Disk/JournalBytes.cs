using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store.Disk;

/// <summary>A small blob within the journal.</summary>
internal sealed class JournalBytes(Journal journal, long offset) : IRandomBytes
{
    public ValueTask ReadAsync(long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // At most 16 KiB, most likely in the page cache: not worth another thread.
        journal.Read(offset + position, buffer.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        => throw new NotSupportedException("The journal's records do not change.");

    public void Close()
    {
    }
}
