using IrohRpc;
using Microsoft.Data.Sqlite;

namespace Hosted.Storage;

/// <summary>The jobs, in an SQLite file.</summary>
internal sealed class JobStore
{
    private readonly string _connectionString;

    public JobStore(string file)
    {
        _connectionString = new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = 30 }.ToString();
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            PRAGMA journal_mode = WAL;
            CREATE TABLE IF NOT EXISTS jobs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, text TEXT NOT NULL, submitter TEXT NOT NULL, result TEXT);
            CREATE INDEX IF NOT EXISTS waiting ON jobs (number) WHERE result IS NULL;
            """;
        command.ExecuteNonQuery();
    }

    /// <summary>Adds a job, unless one of its id is there; the one that is there then is the result.</summary>
    public async ValueTask<Job> AddAsync(Job job, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO jobs (id, text, submitter) VALUES ($id, $text, $submitter) ON CONFLICT (id) DO NOTHING";
        command.Parameters.AddWithValue("$id", job.Id.ToString());
        command.Parameters.AddWithValue("$text", job.Text);
        command.Parameters.AddWithValue("$submitter", job.Submitter.ToString());
        await command.ExecuteNonQueryAsync(cancellationToken);
        return (await FindAsync(connection, job.Id, cancellationToken))!;
    }

    public async ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        return await FindAsync(connection, id, cancellationToken);
    }

    /// <summary>The job that has waited longest; null where none waits.</summary>
    public async ValueTask<Job?> FindWaitingAsync(CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, text, submitter, result FROM jobs WHERE result IS NULL ORDER BY number LIMIT 1";
        return await ReadAsync(command, cancellationToken);
    }

    public async ValueTask CompleteAsync(Job job, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "UPDATE jobs SET result = $result WHERE id = $id";
        command.Parameters.AddWithValue("$id", job.Id.ToString());
        command.Parameters.AddWithValue("$result", job.Result);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FILTER (WHERE result IS NULL), COUNT(result) FROM jobs";
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new JobCounts(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Removes the jobs that are done; the result is how many there were.</summary>
    public async ValueTask<long> RemoveDoneAsync(CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = await OpenAsync(cancellationToken);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM jobs WHERE result IS NOT NULL";
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async ValueTask<Job?> FindAsync(SqliteConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT id, text, submitter, result FROM jobs WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        return await ReadAsync(command, cancellationToken);
    }

    private static async ValueTask<Job?> ReadAsync(SqliteCommand command, CancellationToken cancellationToken)
    {
        await using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Job(Guid.Parse(reader.GetString(0)), reader.GetString(1), EndpointId.Parse(reader.GetString(2)), reader.IsDBNull(3) ? null : reader.GetString(3))
            : null;
    }

    private async ValueTask<SqliteConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
