namespace KeyValue.Storage;

/// <summary>A revision was asked for that is no longer kept.</summary>
internal sealed class CompactedException(long oldestRevision) : StoreException($"The oldest revision that is kept is {oldestRevision}.")
{
    /// <summary>The oldest revision that is kept.</summary>
    public long OldestRevision { get; } = oldestRevision;
}
