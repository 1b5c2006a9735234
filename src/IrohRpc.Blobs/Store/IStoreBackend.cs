namespace IrohRpc.Blobs.Store;

/// <summary>Where a <see cref="BlobStore"/> keeps its bytes and writes down what it has.</summary>
internal interface IStoreBackend : IAsyncDisposable
{
    /// <summary>What was there when the store was opened.</summary>
    IReadOnlyList<BlobEntry> Entries { get; }

    IReadOnlyDictionary<string, BlobTag> Tags { get; }

    /// <summary>What was found to be gone or changed when the store was opened.</summary>
    IReadOnlyList<BlobDamage> Damages { get; }

    /// <summary>An entry that has nothing yet.</summary>
    BlobEntry CreatePartial(BlobHash hash, long size);

    /// <summary>Room for data that are not hashed yet.</summary>
    IImport CreateImport();

    /// <summary>Takes a small blob at once.</summary>
    BlobEntry AddSmall(BlobHash hash, ReadOnlySpan<byte> data);

    /// <summary>Writes down that groups are there. Runs under the entry's lock.</summary>
    void SaveGroups(BlobEntry entry, ChunkRanges groups, ulong from, ulong to);

    /// <summary>Writes down that an entry is complete.</summary>
    /// <returns>The entry that stands for it from now on.</returns>
    BlobEntry SaveComplete(BlobEntry entry);

    /// <summary>Writes down that the size of a part is proven.</summary>
    void SaveSizeVerified(BlobEntry entry);

    /// <summary>Writes down that an entry has lost groups.</summary>
    void SaveDamage(BlobEntry entry, ChunkRanges groups);

    /// <summary>Makes the file of a blob the user's, who said where it goes.</summary>
    BlobEntry MoveOut(BlobEntry entry, string path);

    /// <summary>Forgets an entry; its bytes go when nobody reads them.</summary>
    void Forget(BlobEntry entry);

    void SaveTag(string name, BlobTag? tag);
}
