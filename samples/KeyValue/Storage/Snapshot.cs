using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>
/// Reads the store as it is at this moment, in a transaction on a connection of its own, so that no reader waits for the writer or holds
/// it up. Short-lived: it is opened for a page and closed before anybody waits for whoever reads it.
/// </summary>
internal sealed class Snapshot : IDisposable
{
    /// <summary>How many rows a page has at most.</summary>
    public const int PageRows = 512;

    /// <summary>A page ends with the row that brings its values to so many bytes, so that large values do not pile up in memory.</summary>
    public const int PageBytes = 1024 * 1024;

    private const string Columns = "key, value, create_revision, mod_revision, version, lease";

    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;

    public Snapshot(string file)
    {
        _connection = Connection(file);
        _connection.Open();
        _transaction = _connection.BeginTransaction(deferred: true);
    }

    /// <summary>The latest revision.</summary>
    public long Revision => _connection.Number("SELECT number FROM state WHERE name = 'revision'");

    /// <summary>Closes the connections that wait for the next snapshot of a file.</summary>
    public static void CloseIdle(string file)
    {
        using SqliteConnection connection = Connection(file);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>The revision to read for one that was asked for, where zero means the latest.</summary>
    /// <exception cref="CompactedException">It is no longer kept.</exception>
    /// <exception cref="FutureRevisionException">It is not there yet.</exception>
    public long Readable(long revision)
    {
        long latest = Revision;
        if (revision > latest)
        {
            throw new FutureRevisionException(revision, latest);
        }

        RequireKept(revision == 0 ? latest : revision);
        return revision == 0 ? latest : revision;
    }

    /// <summary>Says that a revision is still kept.</summary>
    /// <exception cref="CompactedException">It is not.</exception>
    public void RequireKept(long revision)
    {
        long oldest = _connection.Number("SELECT number FROM state WHERE name = 'compacted'");
        if (revision < oldest)
        {
            throw new CompactedException(oldest);
        }
    }

    /// <summary>A key as it was at a revision; null where it was not there.</summary>
    public Entry? Find(string key, long revision)
    {
        using SqliteCommand command = _connection.Command(
            $"SELECT {Columns} FROM history WHERE key = $0 AND mod_revision <= $1 ORDER BY mod_revision DESC LIMIT 1", key, revision);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(1) ? ReadEntry(reader) : null;
    }

    /// <summary>A page of a range as it was at a revision, in the order of keys.</summary>
    /// <param name="range">The keys.</param>
    /// <param name="behind">The last key of the page before; null for the first page.</param>
    /// <param name="revision">The revision.</param>
    /// <param name="limit">How many entries at most.</param>
    /// <param name="isLast">Whether the range ends with this page.</param>
    public List<Entry> Page(KeyRange range, string? behind, long revision, int limit, out bool isLast)
    {
        limit = Math.Min(limit, PageRows);
        using SqliteCommand command = _connection.Command(
            $"""
            SELECT {Columns} FROM history AS h WHERE {range.ToSql(isOpen: behind is not null)}
            AND mod_revision = (SELECT MAX(mod_revision) FROM history WHERE key = h.key AND mod_revision <= $2)
            AND value IS NOT NULL ORDER BY key LIMIT $3
            """,
            behind ?? range.From,
            range.To,
            revision,
            limit);
        using SqliteDataReader reader = command.ExecuteReader();
        var entries = new List<Entry>();
        int bytes = 0;
        while (bytes < PageBytes && reader.Read())
        {
            Entry entry = ReadEntry(reader);
            entries.Add(entry);
            bytes += entry.Value.Length;
        }

        isLast = bytes < PageBytes && entries.Count < limit;
        return entries;
    }

    /// <summary>A page of what happened to a range, in the order of revisions and, within one, of keys.</summary>
    /// <param name="range">The keys.</param>
    /// <param name="position">Behind what the page begins; afterwards, behind what the next one does.</param>
    public List<WatchedRevision> Changes(KeyRange range, ref WatchPosition position)
    {
        long latest = Revision;
        using SqliteCommand command = _connection.Command(
            $"""
            SELECT {Columns} FROM history INDEXED BY history_by_revision
            WHERE {(position.Key is null ? "mod_revision > $2" : "(mod_revision, key) > ($2, $4)")} AND mod_revision <= $3
            AND {range.ToSql()} ORDER BY mod_revision, key
            """,
            range.From,
            range.To,
            position.Revision,
            latest,
            position.Key);
        using SqliteDataReader reader = command.ExecuteReader();
        var page = new ChangePage();
        while (reader.Read())
        {
            long revision = reader.GetInt64(3);
            if (page.IsFull)
            {
                return page.End(continuesWith: revision, out position);
            }

            page.Add(revision, new WatchedChange(reader.GetString(0), reader.IsDBNull(1) ? null : ReadEntry(reader)));
        }

        List<WatchedRevision> revisions = page.End(continuesWith: null, out _);
        position = WatchPosition.Behind(latest);
        return revisions;
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private static SqliteConnection Connection(string file) => new(
        new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, Mode = SqliteOpenMode.ReadWrite }.ToString());

    private static Entry ReadEntry(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetFieldValue<byte[]>(1),
        reader.GetInt64(2),
        reader.GetInt64(3),
        reader.GetInt64(4),
        reader.GetInt64(5));
}
