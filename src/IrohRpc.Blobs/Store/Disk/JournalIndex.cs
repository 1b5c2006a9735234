namespace IrohRpc.Blobs.Store.Disk;

/// <summary>Which records of a journal still say something: the last of each blob and of each tag that is there. Not safe for several threads.</summary>
internal sealed class JournalIndex
{
    private readonly Dictionary<BlobHash, JournalRecord> _blobs = [];
    private readonly Dictionary<string, JournalRecord> _tags = new(StringComparer.Ordinal);

    /// <summary>The bytes of these records, headers included.</summary>
    public long LiveBytes { get; private set; }

    public IEnumerable<JournalRecord> Records => _blobs.Values.Concat(_tags.Values);

    public JournalRecord? Find(BlobHash hash) => _blobs.GetValueOrDefault(hash);

    /// <summary>Takes note of a record.</summary>
    public JournalRecord Add(ReadOnlySpan<byte> bytes, long offset)
    {
        var record = new JournalRecord(offset, bytes.Length);
        switch ((RecordKind)bytes[0])
        {
            case RecordKind.Tag:
                Set(_tags, Record.DecodeTag(bytes).Name, record);
                break;
            case RecordKind.TagRemoved:
                Remove(_tags, Record.DecodeTag(bytes).Name);
                break;
            case RecordKind.Forgotten:
                Remove(_blobs, Record.Decode(bytes).Hash);
                break;
            default:
                Set(_blobs, Record.Decode(bytes).Hash, record);
                break;
        }

        return record;
    }

    private void Set<T>(Dictionary<T, JournalRecord> records, T key, JournalRecord record)
        where T : notnull
    {
        Remove(records, key);
        records[key] = record;
        LiveBytes += Journal.HeaderSize + record.Length;
    }

    private void Remove<T>(Dictionary<T, JournalRecord> records, T key)
        where T : notnull
    {
        if (records.Remove(key, out JournalRecord? old))
        {
            LiveBytes -= Journal.HeaderSize + old.Length;
        }
    }
}
