using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store;

/// <summary>Keeps a blob in its store while it is read.</summary>
internal sealed class BlobLease : IBlobSource, IDisposable
{
    private bool _released;

    private BlobLease(BlobEntry entry) => Entry = entry;

    public BlobEntry Entry { get; }

    public long Size => Entry.Tree.Size;

    public ChunkRanges Groups => Entry.Groups;

    public static BlobLease? TryTake(BlobEntry? entry) => entry is not null && entry.TryAcquire() ? new BlobLease(entry) : null;

    public ValueTask ReadDataAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => Entry.Data.ReadAsync(offset, buffer, cancellationToken);

    public ValueTask ReadDataAsync(long offset, IReadOnlyList<Memory<byte>> buffers, CancellationToken cancellationToken)
        => Entry.Data.ReadAsync(offset, buffers, cancellationToken);

    public ValueTask ReadOutboardAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        => Entry.Outboard.ReadAsync(offset, buffer, cancellationToken);

    public void Dispose()
    {
        if (!_released)
        {
            _released = true;
            Entry.Release();
        }
    }
}
