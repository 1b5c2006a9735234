using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store;

/// <summary>Keeps everything in memory; nothing outlives the store.</summary>
internal sealed class MemoryBackend : IStoreBackend
{
    public IReadOnlyList<BlobEntry> Entries => [];

    public IReadOnlyDictionary<string, BlobTag> Tags { get; } = new Dictionary<string, BlobTag>();

    public IReadOnlyList<BlobDamage> Damages => [];

    public BlobEntry CreatePartial(BlobHash hash, long size) => new(hash, size, BlobPlace.Memory, new MemoryBytes(), new MemoryBytes());

    public IImport CreateImport() => new Import();

    public BlobEntry AddSmall(BlobHash hash, ReadOnlySpan<byte> data)
    {
        var bytes = new MemoryBytes();
        bytes.Write(0, data);
        return Complete(new BlobEntry(hash, data.Length, BlobPlace.Memory, bytes, new MemoryBytes()));
    }

    public void SaveGroups(BlobEntry entry, ChunkRanges groups, ulong from, ulong to)
    {
    }

    public BlobEntry SaveComplete(BlobEntry entry) => entry;

    public void SaveSizeVerified(BlobEntry entry)
    {
    }

    public void SaveDamage(BlobEntry entry, ChunkRanges groups)
    {
    }

    public BlobEntry MoveOut(BlobEntry entry, string path) => throw new NotSupportedException("Memory is not a file that could be moved.");

    public void Forget(BlobEntry entry) => entry.Remove();

    public void SaveTag(string name, BlobTag? tag)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static BlobEntry Complete(BlobEntry entry)
    {
        entry.Update(_ => ChunkRanges.Of(0, (ulong)entry.Tree.Groups));
        return entry;
    }

    private sealed class Import : IImport
    {
        public IRandomBytes Data { get; } = new MemoryBytes();

        public IRandomBytes Outboard { get; } = new MemoryBytes();

        public BlobEntry Commit(BlobHash hash, long size) => Complete(new BlobEntry(hash, size, BlobPlace.Memory, Data, Outboard));

        public BlobEntry CommitReference(BlobHash hash, long size, string path, DateTime modified)
            => Complete(new BlobEntry(hash, size, BlobPlace.Referenced, new FileBytes(path, FileAccess.Read), Outboard));

        public void Dispose()
        {
        }
    }
}
