using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>The store: one writer, any number of readers and watchers, in one SQLite file.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class KeyValueStore : IAsyncDisposable
{
    // SQLite's result code where the file may not grow any more.
    private const int Full = 13;

    private readonly string _file;
    private readonly IDisposable _lock;
    private readonly SqliteConnection _connection;
    private readonly Writer _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly RevisionSignal _signal;

    /// <summary>Opens the store, or makes a new one.</summary>
    /// <param name="file">The SQLite file.</param>
    /// <param name="timeProvider">The clock of leases; null for the system's.</param>
    /// <param name="mostBytes">How large the file may become; null for no limit.</param>
    /// <exception cref="IOException">Another process has it open, or its folder is not there.</exception>
    /// <exception cref="SqliteException">The file cannot be opened, or holds something else.</exception>
    public KeyValueStore(string file, TimeProvider? timeProvider = null, long? mostBytes = null)
    {
        TimeProvider time = timeProvider ?? TimeProvider.System;
        _file = file;
        _lock = StoreLock.Take(file);
        try
        {
            _connection = StoreDatabase.Open(file, mostBytes);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        LeaseClock clock = StoreDatabase.ReadLeases(_connection, time);
        _writer = new Writer(_connection, clock);
        _signal = new RevisionSignal(_writer.Revision);
        Leases = new Leases(this, clock, time);
    }

    /// <summary>The latest revision.</summary>
    public long Revision => _signal.Revision;

    /// <summary>The leases to which keys can be attached.</summary>
    public Leases Leases { get; }

    /// <summary>Changes the store in one SQLite transaction, which is on disk for all to see when this returns.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<Writer, T> change, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            using SqliteTransaction transaction = _writer.Begin();
            T result = change(_writer);
            _writer.Commit(transaction);
            _signal.Set(_writer.Revision);
            return result;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode == Full)
        {
            _writer.Reload();
            throw new StoreFullException();
        }
        catch
        {
            _writer.Reload();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>A key as it was at a revision, zero for now; null where it was not there.</summary>
    /// <exception cref="StoreException">There is no such revision.</exception>
    public Entry? Get(string key, long revision)
    {
        using var snapshot = new Snapshot(_file);
        return snapshot.Find(key, snapshot.Readable(revision));
    }

    /// <summary>The keys of a range as they were at one revision, in pages, so that a slow reader holds nothing open.</summary>
    /// <exception cref="StoreException">There is no such revision, or it was compacted away in the middle.</exception>
    public IEnumerable<Entry> Range(RangeRequest request)
    {
        long revision = request.Revision;
        int left = request.Limit == 0 ? int.MaxValue : request.Limit;
        string? behind = null;
        bool isLast = false;
        while (!isLast && left > 0)
        {
            foreach (Entry entry in ReadPage(request.Range, behind, left, ref revision, out isLast))
            {
                left--;
                behind = entry.Key;
                yield return entry;
            }
        }
    }

    /// <summary>The changes of a range from a revision on, zero for the next, without an end.</summary>
    /// <exception cref="CompactedException">A revision that the watcher has not seen yet is no longer kept.</exception>
    public async IAsyncEnumerable<WatchedRevision> WatchAsync(
        KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        WatchPosition position = WatchPosition.Before(fromRevision == 0 ? _signal.Revision + 1 : fromRevision);
        while (true)
        {
            await _signal.WaitForAsync(position.Next, cancellationToken);
            foreach (WatchedRevision revision in ReadChanges(range, ref position))
            {
                yield return revision;
            }
        }
    }

    /// <summary>Forgets what no reader of a revision, or of a later one, can see.</summary>
    /// <exception cref="FutureRevisionException">There is no such revision yet.</exception>
    public async ValueTask CompactAsync(long revision, CancellationToken cancellationToken) => await WriteAsync(
        writer =>
        {
            if (revision > writer.Revision)
            {
                throw new FutureRevisionException(revision, writer.Revision);
            }

            writer.Compact(revision);
            return revision;
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Leases.DisposeAsync();
        await _writing.WaitAsync();
        await _connection.DisposeAsync();
        Snapshot.CloseIdle(_file);
        _writing.Dispose();
        _lock.Dispose();
    }

    private List<Entry> ReadPage(KeyRange range, string? behind, int limit, ref long revision, out bool isLast)
    {
        using var snapshot = new Snapshot(_file);
        revision = snapshot.Readable(revision);
        return snapshot.Page(range, behind, revision, limit, out isLast);
    }

    private List<WatchedRevision> ReadChanges(KeyRange range, ref WatchPosition position)
    {
        using var snapshot = new Snapshot(_file);
        snapshot.RequireKept(position.Next);
        return snapshot.Changes(range, ref position);
    }
}
