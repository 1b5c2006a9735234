using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>
/// The tables: one row for each time that a key changed, so that the past can be read and watched, and one for each lease.
/// </summary>
internal static class StoreDatabase
{
    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;

        CREATE TABLE IF NOT EXISTS history (
            key TEXT NOT NULL,
            mod_revision INTEGER NOT NULL,
            create_revision INTEGER NOT NULL,
            version INTEGER NOT NULL,
            lease INTEGER NOT NULL,
            value BLOB,
            PRIMARY KEY (key, mod_revision)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS history_by_revision ON history (mod_revision, key);
        CREATE INDEX IF NOT EXISTS history_by_lease ON history (lease) WHERE lease <> 0;

        CREATE TABLE IF NOT EXISTS lease (
            id INTEGER PRIMARY KEY,
            milliseconds INTEGER NOT NULL
        );

        CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR IGNORE INTO state VALUES ('revision', 0), ('compacted', 0);
        """;

    /// <summary>Opens the database, and makes its tables if it is new.</summary>
    public static SqliteConnection Open(string file, long? mostBytes = null)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            connection.Run(Schema);
            if (mostBytes is { } most)
            {
                connection.Run($"PRAGMA max_page_count = {Math.Max(1, most / connection.Number("PRAGMA page_size"))}");
            }
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        return connection;
    }

    /// <summary>Starts the time of all leases.</summary>
    public static LeaseClock ReadLeases(SqliteConnection connection, TimeProvider time)
    {
        var clock = new LeaseClock(time);
        using SqliteCommand command = connection.Command("SELECT id, milliseconds FROM lease");
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            clock.Start(reader.GetInt64(0), TimeSpan.FromMilliseconds(reader.GetInt64(1)));
        }

        return clock;
    }

    /// <summary>Makes a command whose parameters are named <c>$0</c>, <c>$1</c> and so on.</summary>
    public static SqliteCommand Command(this SqliteConnection connection, string text, params ReadOnlySpan<object?> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        for (int i = 0; i < parameters.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", parameters[i] ?? DBNull.Value);
        }

        return command;
    }

    /// <summary>Runs a command that changes something.</summary>
    /// <returns>How many rows it changed.</returns>
    public static int Run(this SqliteConnection connection, string text, params ReadOnlySpan<object?> parameters)
    {
        using SqliteCommand command = connection.Command(text, parameters);
        return command.ExecuteNonQuery();
    }

    /// <summary>Reads one number; zero where there is none.</summary>
    public static long Number(this SqliteConnection connection, string text, params ReadOnlySpan<object?> parameters)
    {
        using SqliteCommand command = connection.Command(text, parameters);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    /// <summary>The condition for a range whose ends are the parameters <c>$0</c> and <c>$1</c>.</summary>
    /// <param name="range">The range.</param>
    /// <param name="isOpen">Whether <c>$0</c> itself does not belong to it.</param>
    public static string ToSql(this KeyRange range, bool isOpen = false)
    {
        string above = isOpen ? "key > $0" : "key >= $0";
        return range.To switch
        {
            null => isOpen ? "FALSE" : "key = $0",
            "" => above,
            _ => $"{above} AND key < $1",
        };
    }
}
