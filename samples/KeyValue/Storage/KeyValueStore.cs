using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>The store: one writer, any number of readers and watchers, in one SQLite file.</summary>
/// <remarks>Safe to use from several threads at once.</remarks>
internal sealed class KeyValueStore : IAsyncDisposable
{
    private const int PageSize = 512;
    private static readonly TimeSpan LeaseCheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly string _file;
    private readonly SqliteConnection _connection;
    private readonly Writer _writer;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly RevisionSignal _signal;
    private readonly LeaseClock _leases;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _leaseLoop;

    public KeyValueStore(string file, TimeProvider? timeProvider = null)
    {
        TimeProvider time = timeProvider ?? TimeProvider.System;
        _file = file;
        _connection = StoreDatabase.Open(file);
        _writer = new Writer(_connection);
        _signal = new RevisionSignal(_writer.Revision);
        _leases = new LeaseClock(time);

        // The time that a lease had left when the store was closed is not known; it gets all of it again.
        using (SqliteCommand command = _connection.Command("SELECT id, milliseconds FROM lease"))
        using (SqliteDataReader reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                _leases.Start(reader.GetInt64(0), TimeSpan.FromMilliseconds(reader.GetInt64(1)));
            }
        }

        _leaseLoop = EndLeasesAsync(time);
    }

    /// <summary>The latest revision.</summary>
    public long Revision => _signal.Revision;

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

    /// <summary>A key as it was at a revision, zero for now.</summary>
    public Entry? Get(string key, long revision)
    {
        using var snapshot = new Snapshot(_file);
        return snapshot.Page(KeyRange.Of(key), null, Readable(snapshot, revision), 1) is [var entry] ? entry : null;
    }

    /// <summary>The keys of a range as they were at one revision, in pages, so that a slow reader holds nothing open.</summary>
    public IEnumerable<Entry> Range(RangeRequest request)
    {
        using var snapshot = new Snapshot(_file);
        long revision = Readable(snapshot, request.Revision);
        int left = request.Limit == 0 ? int.MaxValue : request.Limit;
        string? behind = null;
        while (left > 0)
        {
            List<Entry> page = snapshot.Page(request.Range, behind, revision, Math.Min(left, PageSize));
            foreach (Entry entry in page)
            {
                yield return entry;
            }

            if (page.Count < Math.Min(left, PageSize))
            {
                yield break;
            }

            left -= page.Count;
            behind = page[^1].Key;
        }
    }

    /// <summary>The changes of a range from a revision on, zero for the next, without an end.</summary>
    public async IAsyncEnumerable<WatchedRevision> WatchAsync(
        KeyRange range, long fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long seen = (fromRevision == 0 ? _signal.Revision + 1 : fromRevision) - 1;
        while (true)
        {
            await _signal.WaitBeyondAsync(seen, cancellationToken);
            foreach (WatchedRevision revision in ReadChanges(range, ref seen))
            {
                yield return revision;
            }
        }
    }

    /// <summary>Grants a lease.</summary>
    public async ValueTask<Lease> GrantAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        long id = Random.Shared.NextInt64(1, long.MaxValue);
        await WriteAsync(
            _ => _connection.Run("INSERT INTO lease VALUES ($0, $1)", id, (long)timeToLive.TotalMilliseconds), cancellationToken);
        _leases.Start(id, timeToLive);
        return new Lease(id, timeToLive);
    }

    /// <summary>Starts the time of a lease anew; null where there is no such lease.</summary>
    public Lease? KeepAlive(long lease) => _leases.Restart(lease) is { } timeToLive ? new Lease(lease, timeToLive) : null;

    /// <summary>Whether keys can be attached to a lease.</summary>
    public bool IsAlive(long lease) => lease == 0 || _leases.IsAlive(lease);

    /// <summary>Ends a lease and deletes its keys as one revision; null where there is no such lease.</summary>
    public async ValueTask<long?> RevokeAsync(long lease, CancellationToken cancellationToken)
    {
        if (!_leases.Remove(lease))
        {
            return null;
        }

        return await WriteAsync(
            writer =>
            {
                List<string> keys = writer.KeysOfLease(lease);
                long revision = keys.Count > 0 ? writer.NextRevision() : writer.Revision;
                foreach (string key in keys)
                {
                    writer.Delete(key, revision);
                }

                _connection.Run("DELETE FROM lease WHERE id = $0", lease);
                return revision;
            },
            cancellationToken);
    }

    /// <summary>Forgets what no reader of <paramref name="revision"/> or later can see.</summary>
    public async ValueTask CompactAsync(long revision, CancellationToken cancellationToken) => await WriteAsync(
        _ =>
        {
            _connection.Run(
                """
                DELETE FROM history WHERE mod_revision < $0 AND (
                    EXISTS (SELECT 1 FROM history AS later WHERE later.key = history.key
                        AND later.mod_revision > history.mod_revision AND later.mod_revision <= $0)
                    OR value IS NULL)
                """,
                revision);
            return _connection.Run("UPDATE state SET number = MAX(number, $0) WHERE name = 'compacted'", revision);
        },
        cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _leaseLoop;
        await _writing.WaitAsync();
        await _connection.DisposeAsync();
        _writing.Dispose();
        _stop.Dispose();
    }

    private static long Readable(Snapshot snapshot, long revision)
    {
        if (revision == 0)
        {
            return snapshot.Revision;
        }

        long oldest = snapshot.Compacted;
        return revision >= oldest ? revision : throw new CompactedException(oldest);
    }

    private List<WatchedRevision> ReadChanges(KeyRange range, ref long seen)
    {
        using var snapshot = new Snapshot(_file);
        long oldest = snapshot.Compacted;
        if (seen < oldest)
        {
            throw new CompactedException(oldest);
        }

        return snapshot.Changes(range, seen, snapshot.Revision, PageSize, out seen);
    }

    private async Task EndLeasesAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(LeaseCheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (long lease in _leases.Ended())
                {
                    await RevokeAsync(lease, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
    }
}
