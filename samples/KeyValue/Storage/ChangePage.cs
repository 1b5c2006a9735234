namespace KeyValue.Storage;

/// <summary>Gathers changes, row by row, into the revisions of one page. A revision that does not fit continues on the next page.</summary>
internal sealed class ChangePage
{
    private readonly List<WatchedRevision> _revisions = [];
    private readonly List<WatchedChange> _changes = [];
    private long _revision;
    private int _rows;
    private int _bytes;

    /// <summary>Whether no more may be added.</summary>
    public bool IsFull => _rows >= Snapshot.PageRows || _bytes >= Snapshot.PageBytes;

    /// <summary>Adds the next change.</summary>
    public void Add(long revision, WatchedChange change)
    {
        if (revision != _revision)
        {
            EndRevision(continues: false);
        }

        _revision = revision;
        _changes.Add(change);
        _rows++;
        _bytes += change.Entry?.Value.Length ?? 0;
    }

    /// <summary>Ends the page.</summary>
    /// <param name="continuesWith">The revision of the change that did not fit, or null.</param>
    /// <param name="position">How far the page goes.</param>
    public List<WatchedRevision> End(long? continuesWith, out WatchPosition position)
    {
        bool continues = continuesWith == _revision;
        position = continues ? new WatchPosition(_revision, _changes[^1].Key) : WatchPosition.Behind(_revision);
        EndRevision(continues);
        return _revisions;
    }

    private void EndRevision(bool continues)
    {
        if (_changes.Count > 0)
        {
            _revisions.Add(new WatchedRevision(_revision, [.. _changes], continues));
            _changes.Clear();
        }
    }
}
