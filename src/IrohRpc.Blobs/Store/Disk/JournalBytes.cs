using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store.Disk;

/// <summary>A small blob within the journal.</summary>
internal sealed class JournalBytes(Journal journal, JournalRecord record) : IRandomBytes
{
    private byte[]? _data;

    public ValueTask ReadAsync(long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        // At most 16 KiB, most likely in the page cache: not worth another thread.
        if (Volatile.Read(ref _data) is { } data)
        {
            data.AsSpan((int)position, buffer.Length).CopyTo(buffer.Span);
        }
        else
        {
            journal.Read(record, Record.InlineDataOffset + position, buffer.Span);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(long position, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        => throw new NotSupportedException("The journal's records do not change.");

    /// <summary>Takes the data into memory for those who read on, since the journal is about to forget them.</summary>
    public void Detach()
    {
        var data = new byte[record.Length - Record.InlineDataOffset];
        journal.Read(record, Record.InlineDataOffset, data);
        Volatile.Write(ref _data, data);
    }

    public void Close()
    {
    }
}
