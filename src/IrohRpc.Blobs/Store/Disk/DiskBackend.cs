using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store.Disk;

/// <summary>
/// Keeps blobs in a folder: a journal that says what there is and holds the small ones, and for each larger one a file of data, one of its
/// outboard and, while it is incomplete, one of bits. Each thing is written before the record that claims it, so that whenever the process
/// dies, what is claimed is there.
/// </summary>
internal sealed class DiskBackend : IStoreBackend
{
    private const int MaxInlineSize = BlobTree.GroupSize;

    private readonly string _folder;
    private readonly bool _flush;
    private readonly FileStream _lockFile;
    private readonly Journal _journal;
    private readonly List<BlobEntry> _entries = [];
    private readonly List<BlobDamage> _damages = [];
    private readonly Dictionary<string, BlobTag> _tags = new(StringComparer.Ordinal);

    public DiskBackend(string folder, bool flush, long journalSlack)
    {
        _folder = Path.GetFullPath(folder);
        _flush = flush;
        Directory.CreateDirectory(DataFolder);
        Directory.CreateDirectory(ImportFolder);
        _lockFile = Lock();
        try
        {
            var records = new Dictionary<BlobHash, Record>();
            _journal = Journal.Open(Path.Combine(_folder, "journal"), flush, journalSlack, (record, _) => Replay(records, record));
            var known = new HashSet<string>(StringComparer.Ordinal);
            foreach (Record record in records.Values)
            {
                Restore(record, known);
            }

            RemoveStrays(known);
        }
        catch
        {
            _journal?.Dispose();
            _lockFile.Dispose();
            throw;
        }
    }

    public IReadOnlyList<BlobEntry> Entries => _entries;

    public IReadOnlyDictionary<string, BlobTag> Tags => _tags;

    public IReadOnlyList<BlobDamage> Damages => _damages;

    private string DataFolder => Path.Combine(_folder, "data");

    private string ImportFolder => Path.Combine(_folder, "import");

    public BlobEntry CreatePartial(BlobHash hash, long size)
    {
        if (size <= MaxInlineSize)
        {
            return new BlobEntry(hash, size, BlobPlace.Memory, new MemoryBytes(), new MemoryBytes());
        }

        Directory.CreateDirectory(Path.GetDirectoryName(DataFile(hash))!);
        File.Delete(BitsFile(hash));
        Append(new Record(RecordKind.Partial, hash, size));
        return Owned(hash, size);
    }

    public IImport CreateImport() => new Import(this, Path.Combine(ImportFolder, Guid.NewGuid().ToString("N")));

    public BlobEntry AddSmall(BlobHash hash, ReadOnlySpan<byte> data)
    {
        JournalRecord record = _journal.Append(Record.EncodeInline(hash, data));
        return Whole(new BlobEntry(hash, data.Length, BlobPlace.Inline, new JournalBytes(_journal, record), new MemoryBytes()));
    }

    public void SaveGroups(BlobEntry entry, ChunkRanges groups, ulong from, ulong to)
    {
        if (entry.Place == BlobPlace.Owned)
        {
            Flush(entry);
            GroupBitmap.Write(entry.Bits!, groups, from, to);
        }
    }

    public BlobEntry SaveComplete(BlobEntry entry)
    {
        if (entry.Place == BlobPlace.Memory)
        {
            var data = new byte[entry.Tree.Size];
            ((MemoryBytes)entry.Data).Read(0, data);
            return AddSmall(entry.Hash, data);
        }

        Flush(entry);
        Append(new Record(RecordKind.Complete, entry.Hash, entry.Tree.Size) { IsSizeVerified = true });
        entry.Bits!.Close();
        File.Delete(BitsFile(entry.Hash));
        return entry;
    }

    public void SaveSizeVerified(BlobEntry entry)
    {
        if (entry.Place == BlobPlace.Owned && !entry.IsComplete)
        {
            Append(new Record(RecordKind.Partial, entry.Hash, entry.Tree.Size) { IsSizeVerified = true });
        }
    }

    public void SaveDamage(BlobEntry entry, ChunkRanges groups)
    {
        GroupBitmap.Write(entry.Bits!, groups, 0, (ulong)entry.Tree.Groups);
        Append(new Record(RecordKind.Partial, entry.Hash, entry.Tree.Size) { IsSizeVerified = entry.IsSizeVerified });
    }

    public BlobEntry MoveOut(BlobEntry entry, string path)
    {
        // Between the two steps nobody has the blob; it is the user's file already, and can be taken in again.
        File.Move(DataFile(entry.Hash), path, overwrite: true);
        return AddReference(entry.Hash, entry.Tree.Size, path, File.GetLastWriteTimeUtc(path));
    }

    public void Forget(BlobEntry entry)
    {
        (entry.Data as JournalBytes)?.Detach();
        Append(new Record(RecordKind.Forgotten, entry.Hash, 0));
        entry.Remove();

        // Who has the files open reads on where the system lets him; the same blob may come back under the same names at once.
        if (entry.Place is BlobPlace.Owned or BlobPlace.Referenced)
        {
            DeleteFiles(entry.Hash);
        }
    }

    public void SaveTag(string name, BlobTag? tag) => _journal.Append(Record.EncodeTag(name, tag));

    public ValueTask DisposeAsync()
    {
        _journal.Dispose();
        _lockFile.Dispose();
        return ValueTask.CompletedTask;
    }

    private FileStream Lock()
    {
        try
        {
            return new FileStream(Path.Combine(_folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new IOException($"The store in {_folder} is in use by another process, or by another store in this one.", failure);
        }
    }

    private void Append(Record record) => _journal.Append(record.Encode());

    private void Replay(Dictionary<BlobHash, Record> records, ReadOnlySpan<byte> bytes)
    {
        switch ((RecordKind)bytes[0])
        {
            case RecordKind.Tag:
                (string name, BlobTag tag) = Record.DecodeTag(bytes);
                _tags[name] = tag;
                break;
            case RecordKind.TagRemoved:
                _tags.Remove(Record.DecodeTag(bytes).Name);
                break;
            case RecordKind.Forgotten:
                records.Remove(Record.Decode(bytes).Hash);
                break;
            default:
                Record record = Record.Decode(bytes);
                records[record.Hash] = record;
                break;
        }
    }

    private void Restore(Record record, HashSet<string> known)
    {
        BlobHash hash = record.Hash;
        switch (record.Kind)
        {
            case RecordKind.Inline:
                _entries.Add(Whole(new BlobEntry(
                    hash, record.Size, BlobPlace.Inline, new JournalBytes(_journal, _journal.Find(hash)!), new MemoryBytes())));
                return;

            case RecordKind.Complete:
                if (Length(DataFile(hash)) != record.Size || Length(OutboardFile(hash)) != new BlobTree(record.Size).OutboardSize)
                {
                    Lose(hash, "its file is gone or has another length", DataFile(hash));
                    return;
                }

                _entries.Add(Whole(Owned(hash, record.Size)));
                break;

            case RecordKind.Referenced:
                if (Length(record.Path) != record.Size || File.GetLastWriteTimeUtc(record.Path) != record.Modified)
                {
                    Lose(hash, "the file that it was taken in from is gone or was changed", record.Path);
                    return;
                }

                _entries.Add(Reference(hash, record.Size, record.Path));
                break;

            case RecordKind.Partial:
                BlobEntry entry = Owned(hash, record.Size);
                if (record.IsSizeVerified)
                {
                    entry.VerifySize();
                }

                ChunkRanges groups = File.Exists(DataFile(hash)) ? GroupBitmap.Read(BitsFile(hash), entry.Tree.Groups) : ChunkRanges.None;
                entry.Update(_ => groups);
                if (entry.IsComplete)
                {
                    SaveComplete(entry);
                    entry.Close();
                }

                _entries.Add(entry);
                known.Add(BitsFile(hash));
                break;

            default:
                return;
        }

        known.Add(DataFile(hash));
        known.Add(OutboardFile(hash));
    }

    private void Lose(BlobHash hash, string problem, string path)
    {
        _damages.Add(new BlobDamage(hash, problem, path));
        Append(new Record(RecordKind.Forgotten, hash, 0));
    }

    // What a crash left behind without a record: nothing ever claimed it.
    private void RemoveStrays(HashSet<string> known)
    {
        foreach (string path in Directory.EnumerateFiles(DataFolder, "*", SearchOption.AllDirectories).Where(path => !known.Contains(path)))
        {
            File.Delete(path);
        }

        foreach (string path in Directory.EnumerateFiles(ImportFolder))
        {
            File.Delete(path);
        }
    }

    private BlobEntry AddReference(BlobHash hash, long size, string path, DateTime modified)
    {
        path = Path.GetFullPath(path);
        Append(new Record(RecordKind.Referenced, hash, size) { Path = path, Modified = modified, IsSizeVerified = true });
        return Reference(hash, size, path);
    }

    private BlobEntry Reference(BlobHash hash, long size, string path)
        => Whole(new BlobEntry(
            hash, size, BlobPlace.Referenced, new FileBytes(path, FileAccess.Read), new FileBytes(OutboardFile(hash), FileAccess.ReadWrite)));

    private BlobEntry Owned(BlobHash hash, long size)
        => new(
            hash, size, BlobPlace.Owned, new FileBytes(DataFile(hash), FileAccess.ReadWrite),
            new FileBytes(OutboardFile(hash), FileAccess.ReadWrite))
        {
            Bits = new FileBytes(BitsFile(hash), FileAccess.ReadWrite),
        };

    private static BlobEntry Whole(BlobEntry entry)
    {
        entry.Update(_ => ChunkRanges.Of(0, (ulong)entry.Tree.Groups));
        return entry;
    }

    private void Flush(BlobEntry entry)
    {
        if (_flush)
        {
            ((FileBytes)entry.Data).Flush();
            ((FileBytes)entry.Outboard).Flush();
        }
    }

    private void DeleteFiles(BlobHash hash)
    {
        File.Delete(DataFile(hash));
        File.Delete(OutboardFile(hash));
        File.Delete(BitsFile(hash));
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : -1;

    private string DataFile(BlobHash hash) => FileOf(hash, ".data");

    private string OutboardFile(BlobHash hash) => FileOf(hash, ".outboard");

    private string BitsFile(BlobHash hash) => FileOf(hash, ".bits");

    private string FileOf(BlobHash hash, string extension)
    {
        string name = hash.ToString();
        return Path.Combine(DataFolder, name[..2], name + extension);
    }

    private sealed class Import(DiskBackend backend, string path) : IImport
    {
        private readonly FileBytes _data = new(path + ".data", FileAccess.ReadWrite);
        private readonly FileBytes _outboard = new(path + ".outboard", FileAccess.ReadWrite);

        public IRandomBytes Data => _data;

        public IRandomBytes Outboard => _outboard;

        public BlobEntry Commit(BlobHash hash, long size)
        {
            MoveOutboard(hash, size);
            if (backend._flush)
            {
                _data.Flush();
            }

            _data.Close();
            File.Move(_data.Path, backend.DataFile(hash), overwrite: true);
            backend.Append(new Record(RecordKind.Complete, hash, size) { IsSizeVerified = true });
            return Whole(backend.Owned(hash, size));
        }

        public BlobEntry CommitReference(BlobHash hash, long size, string file, DateTime modified)
        {
            MoveOutboard(hash, size);
            return backend.AddReference(hash, size, file, modified);
        }

        public void Dispose()
        {
            _data.Close();
            _outboard.Close();
            File.Delete(_data.Path);
            File.Delete(_outboard.Path);
        }

        private void MoveOutboard(BlobHash hash, long size)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(backend.OutboardFile(hash))!);
            if (new BlobTree(size).OutboardSize == 0)
            {
                _outboard.Create();
            }

            if (backend._flush)
            {
                _outboard.Flush();
            }

            _outboard.Close();
            File.Move(_outboard.Path, backend.OutboardFile(hash), overwrite: true);
        }
    }
}
