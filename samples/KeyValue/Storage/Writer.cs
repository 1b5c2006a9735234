using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>
/// The one that changes the store, in one SQLite transaction at a time. Changes between two calls of <see cref="EndRevision"/> share a
/// revision and concern different keys.
/// </summary>
internal sealed class Writer(SqliteConnection connection, LeaseClock leases)
{
    private const string IsLatest = "mod_revision = (SELECT MAX(mod_revision) FROM history WHERE key = h.key)";

    private bool _hasChanged;

    /// <summary>The latest revision that has ended, within the transaction that is under way.</summary>
    public long Revision { get; private set; } = ReadRevision(connection);

    private long Next => Revision + 1;

    /// <summary>Begins a transaction; what is not committed is rolled back when it is disposed.</summary>
    public SqliteTransaction Begin() => connection.BeginTransaction(deferred: false);

    /// <summary>Ends a transaction for good.</summary>
    public void Commit(SqliteTransaction transaction)
    {
        connection.Run("UPDATE state SET number = $0 WHERE name = 'revision'", EndRevision());
        transaction.Commit();
    }

    /// <summary>Forgets what a transaction that was rolled back had counted.</summary>
    public void Reload()
    {
        _hasChanged = false;
        Revision = ReadRevision(connection);
    }

    /// <summary>Ends a revision, unless nothing has changed since the one before.</summary>
    /// <returns>The latest revision.</returns>
    public long EndRevision()
    {
        if (_hasChanged)
        {
            Revision++;
            _hasChanged = false;
        }

        return Revision;
    }

    /// <summary>Sets a key.</summary>
    /// <exception cref="LeaseNotFoundException">The lease is neither zero nor alive.</exception>
    public void Put(string key, ReadOnlyMemory<byte> value, long lease)
    {
        if (lease != 0 && !HasLease(lease))
        {
            throw new LeaseNotFoundException(lease);
        }

        KeyState state = Find(key);
        connection.Run(
            "INSERT INTO history (key, mod_revision, create_revision, version, lease, value) VALUES ($0, $1, $2, $3, $4, $5)",
            key,
            Next,
            state.IsThere ? state.CreateRevision : Next,
            state.Version + 1,
            lease,
            value.ToArray());
        _hasChanged = true;
    }

    /// <summary>Deletes the keys of a range.</summary>
    /// <returns>How many there were.</returns>
    public int Delete(KeyRange range)
        => Delete($"{range.ToSql()} AND value IS NOT NULL AND {IsLatest}", range.From, range.To, Next);

    /// <summary>What is known of a key now, without its value.</summary>
    public KeyState Find(string key)
    {
        using SqliteCommand command = connection.Command(
            "SELECT create_revision, mod_revision, version FROM history WHERE key = $0 ORDER BY mod_revision DESC LIMIT 1", key);
        using SqliteDataReader reader = command.ExecuteReader();
        return reader.Read() && reader.GetInt64(2) > 0 ? new KeyState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : default;
    }

    /// <summary>The value of a key now; null where it is not there.</summary>
    public byte[]? Value(string key)
    {
        using SqliteCommand command = connection.Command(
            "SELECT value FROM history WHERE key = $0 ORDER BY mod_revision DESC LIMIT 1", key);
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>Notes a new lease.</summary>
    public void AddLease(long lease, TimeSpan timeToLive)
        => connection.Run("INSERT INTO lease VALUES ($0, $1)", lease, (long)timeToLive.TotalMilliseconds);

    /// <summary>Removes a lease, and deletes the keys that are attached to it.</summary>
    /// <exception cref="LeaseNotFoundException">There is no such lease.</exception>
    public void RemoveLease(long lease)
    {
        if (connection.Run("DELETE FROM lease WHERE id = $0", lease) == 0)
        {
            throw new LeaseNotFoundException(lease);
        }

        // The index holds no rows without a lease, and SQLite only uses it where the condition says so.
        Delete($"lease = $0 AND lease <> 0 AND {IsLatest}", lease, null, Next);
    }

    /// <summary>Forgets what no reader of a revision, or of a later one, can see.</summary>
    public void Compact(long revision)
    {
        connection.Run(
            """
            DELETE FROM history WHERE mod_revision < $0 AND (
                EXISTS (SELECT 1 FROM history AS later WHERE later.key = history.key
                    AND later.mod_revision > history.mod_revision AND later.mod_revision <= $0)
                OR value IS NULL)
            """,
            revision);
        connection.Run("UPDATE state SET number = MAX(number, $0) WHERE name = 'compacted'", revision);
    }

    private static long ReadRevision(SqliteConnection connection) => connection.Number("SELECT number FROM state WHERE name = 'revision'");

    private int Delete(string condition, params ReadOnlySpan<object?> parameters)
    {
        // A row without a value says that the key is gone.
        int count = connection.Run(
            $"""
            INSERT INTO history (key, mod_revision, create_revision, version, lease, value)
            SELECT key, $2, 0, 0, 0, NULL FROM history AS h WHERE {condition}
            """,
            parameters);
        _hasChanged |= count > 0;
        return count;
    }

    private bool HasLease(long lease)
        => leases.IsAlive(lease) && connection.Number("SELECT COUNT(*) FROM lease WHERE id = $0", lease) > 0;
}
