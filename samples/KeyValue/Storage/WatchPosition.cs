namespace KeyValue.Storage;

/// <summary>How far a watcher has come.</summary>
/// <param name="Revision">The last revision of which it has seen anything.</param>
/// <param name="Key">The last key that it has seen of that revision; null where it has seen all of it.</param>
internal readonly record struct WatchPosition(long Revision, string? Key)
{
    /// <summary>The first revision that the watcher still needs.</summary>
    public long Next => Key is null ? Revision + 1 : Revision;

    /// <summary>Before all of a revision.</summary>
    public static WatchPosition Before(long revision) => new(revision - 1, null);

    /// <summary>Behind all of a revision.</summary>
    public static WatchPosition Behind(long revision) => new(revision, null);
}
