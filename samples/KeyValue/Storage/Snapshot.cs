using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>Reads the store as it was at a revision, on a connection of its own, so that no reader waits for the writer or holds it up.</summary>
internal sealed class Snapshot : IDisposable
{
    private readonly SqliteConnection _connection;

    public Snapshot(string file)
    {
        _connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = true, Mode = SqliteOpenMode.ReadWrite }.ToString());
        _connection.Open();
    }

    /// <summary>The oldest revision that can be read.</summary>
    public long Compacted => _connection.Number("SELECT number FROM state WHERE name = 'compacted'");

    /// <summary>The latest revision.</summary>
    public long Revision => _connection.Number("SELECT number FROM state WHERE name = 'revision'");

    /// <summary>At most <paramref name="limit"/> entries of a range, behind a key, as they were at a revision.</summary>
    public List<Entry> Page(KeyRange range, string? behind, long revision, int limit)
    {
        using SqliteCommand command = _connection.Command(
            $"""
            SELECT key, value, create_revision, mod_revision, version, lease FROM history AS h
            WHERE {range.ToSql()} AND ($2 IS NULL OR key > $2)
            AND mod_revision = (SELECT MAX(mod_revision) FROM history WHERE key = h.key AND mod_revision <= $3)
            AND value IS NOT NULL ORDER BY key LIMIT $4
            """,
            range.From,
            range.To,
            behind,
            revision,
            limit);
        using SqliteDataReader reader = command.ExecuteReader();
        var entries = new List<Entry>();
        while (reader.Read())
        {
            entries.Add(Writer.ReadEntry(reader));
        }

        return entries;
    }

    /// <summary>
    /// The changes of a range after one revision and up to another, at most about <paramref name="limit"/>, whole revisions only.
    /// </summary>
    /// <param name="range">The keys.</param>
    /// <param name="after">The revision before the first.</param>
    /// <param name="upTo">The last revision.</param>
    /// <param name="limit">How many changes; one revision may exceed it.</param>
    /// <param name="reached">The revision up to which everything was returned.</param>
    public List<WatchedRevision> Changes(KeyRange range, long after, long upTo, int limit, out long reached)
    {
        using SqliteCommand command = _connection.Command(
            $"""
            SELECT key, value, create_revision, mod_revision, version, lease FROM history INDEXED BY history_by_revision
            WHERE mod_revision > $2 AND mod_revision <= $3 AND {range.ToSql()} ORDER BY mod_revision, key
            """,
            range.From,
            range.To,
            after,
            upTo);
        using SqliteDataReader reader = command.ExecuteReader();
        var revisions = new List<WatchedRevision>();
        var changes = new List<WatchedChange>();
        long current = 0;
        int count = 0;
        while (reader.Read())
        {
            long revision = reader.GetInt64(3);
            if (revision != current && changes.Count > 0)
            {
                revisions.Add(new WatchedRevision(current, [.. changes]));
                changes.Clear();
                if (count >= limit)
                {
                    reached = current;
                    return revisions;
                }
            }

            current = revision;
            count++;
            changes.Add(new WatchedChange(reader.GetString(0), reader.IsDBNull(1) ? null : Writer.ReadEntry(reader)));
        }

        if (changes.Count > 0)
        {
            revisions.Add(new WatchedRevision(current, [.. changes]));
        }

        reached = upTo;
        return revisions;
    }

    public void Dispose() => _connection.Dispose();
}
