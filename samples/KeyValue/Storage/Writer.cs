using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>
/// The one that changes the store, in one SQLite transaction at a time. Each change takes the next revision; those of one
/// key-value transaction share one.
/// </summary>
internal sealed class Writer(SqliteConnection connection)
{
    /// <summary>The latest revision, within the transaction that is under way.</summary>
    public long Revision { get; private set; } = connection.Number("SELECT number FROM state WHERE name = 'revision'");

    /// <summary>Begins a transaction; what is not committed is rolled back when it is disposed.</summary>
    public SqliteTransaction Begin() => connection.BeginTransaction(deferred: false);

    /// <summary>Ends a transaction for good.</summary>
    public void Commit(SqliteTransaction transaction)
    {
        connection.Run("UPDATE state SET number = $0 WHERE name = 'revision'", Revision);
        transaction.Commit();
    }

    /// <summary>Forgets revisions of a transaction that was rolled back.</summary>
    public void Reload() => Revision = connection.Number("SELECT number FROM state WHERE name = 'revision'");

    /// <summary>Takes the next revision.</summary>
    public long NextRevision() => ++Revision;

    /// <summary>Sets a key at a revision.</summary>
    public void Put(string key, ReadOnlyMemory<byte> value, long lease, long revision)
    {
        Entry? previous = Find(key);
        connection.Run(
            "INSERT OR REPLACE INTO history (key, mod_revision, create_revision, version, lease, value) VALUES ($0, $1, $2, $3, $4, $5)",
            key,
            revision,
            previous?.CreateRevision ?? revision,
            (previous?.Version ?? 0) + 1,
            lease,
            value.ToArray());
    }

    /// <summary>Deletes a key at a revision; false where it is not there.</summary>
    public bool Delete(string key, long revision)
    {
        if (Find(key) is null)
        {
            return false;
        }

        connection.Run(
            "INSERT OR REPLACE INTO history (key, mod_revision, create_revision, version, lease, value) VALUES ($0, $1, 0, 0, 0, NULL)",
            key,
            revision);
        return true;
    }

    /// <summary>A key as it is now; null where it is not there.</summary>
    public Entry? Find(string key)
    {
        using SqliteCommand command = connection.Command(
            "SELECT key, value, create_revision, mod_revision, version, lease FROM history WHERE key = $0 ORDER BY mod_revision DESC LIMIT 1", key);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(1) ? ReadEntry(reader) : null;
    }

    /// <summary>The keys of a range that are there now.</summary>
    public List<string> Keys(KeyRange range)
    {
        using SqliteCommand command = connection.Command(
            $"""
            SELECT key FROM history AS h WHERE {range.ToSql()} AND value IS NOT NULL
            AND mod_revision = (SELECT MAX(mod_revision) FROM history WHERE key = h.key) ORDER BY key
            """,
            range.From,
            range.To);
        return ReadKeys(command);
    }

    /// <summary>The keys that are attached to a lease now.</summary>
    public List<string> KeysOfLease(long lease)
    {
        using SqliteCommand command = connection.Command(
            """
            SELECT DISTINCT key FROM history AS attached WHERE lease = $0
            AND mod_revision = (SELECT MAX(mod_revision) FROM history AS latest WHERE latest.key = attached.key) ORDER BY key
            """,
            lease);
        return ReadKeys(command);
    }

    /// <summary>Reads a row of key, value, create revision, mod revision, version and lease.</summary>
    public static Entry ReadEntry(SqliteDataReader reader) => new(
        reader.GetString(0),
        reader.GetFieldValue<byte[]>(1),
        reader.GetInt64(2),
        reader.GetInt64(3),
        reader.GetInt64(4),
        reader.GetInt64(5));

    private static List<string> ReadKeys(SqliteCommand command)
    {
        using SqliteDataReader reader = command.ExecuteReader();
        var keys = new List<string>();
        while (reader.Read())
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }
}
