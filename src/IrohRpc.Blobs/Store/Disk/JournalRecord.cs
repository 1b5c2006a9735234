namespace IrohRpc.Blobs.Store.Disk;

/// <summary>Where a record lies that still says something. Read and moved under the journal's lock.</summary>
internal sealed class JournalRecord(long offset, int length)
{
    /// <summary>Where it begins, behind its header.</summary>
    public long Offset { get; set; } = offset;

    public int Length => length;
}
