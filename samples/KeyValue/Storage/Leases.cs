using Microsoft.Data.Sqlite;

namespace KeyValue.Storage;

/// <summary>Grants leases, and ends those that nobody keeps alive together with their keys.</summary>
/// <remarks>
/// The table in the file says which leases exist, the clock says which of them still have time. The time that a lease had left when the
/// store was closed is not known; with the next start it gets all of it again.
/// </remarks>
internal sealed class Leases : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly KeyValueStore _store;
    private readonly LeaseClock _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ending;

    public Leases(KeyValueStore store, LeaseClock clock, TimeProvider time)
    {
        _store = store;
        _clock = clock;
        _ending = EndAsync(new PeriodicTimer(CheckInterval, time));
    }

    /// <summary>Grants a lease.</summary>
    public async ValueTask<Lease> GrantAsync(TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        long lease = Random.Shared.NextInt64(1, long.MaxValue);
        await _store.WriteAsync(
            writer =>
            {
                writer.AddLease(lease, timeToLive);
                return lease;
            },
            cancellationToken);
        _clock.Start(lease, timeToLive);
        return new Lease(lease, timeToLive);
    }

    /// <summary>Starts the time of a lease anew.</summary>
    /// <exception cref="LeaseNotFoundException">There is no such lease.</exception>
    public Lease KeepAlive(long lease) => new(lease, _clock.Restart(lease) ?? throw new LeaseNotFoundException(lease));

    /// <summary>Ends a lease and deletes its keys as one revision.</summary>
    /// <returns>The revision of the store afterwards.</returns>
    /// <exception cref="LeaseNotFoundException">There is no such lease.</exception>
    public async ValueTask<long> RevokeAsync(long lease, CancellationToken cancellationToken)
    {
        long revision = await _store.WriteAsync(
            writer =>
            {
                writer.RemoveLease(lease);
                return writer.EndRevision();
            },
            cancellationToken);
        _clock.Remove(lease);
        return revision;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ending;
        _stop.Dispose();
    }

    private async Task EndAsync(PeriodicTimer timer)
    {
        using PeriodicTimer _ = timer;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                foreach (long lease in _clock.Ended())
                {
                    await EndAsync(lease);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
    }

    private async Task EndAsync(long lease)
    {
        try
        {
            await RevokeAsync(lease, _stop.Token);
        }
        catch (LeaseNotFoundException)
        {
            // Its owner has revoked it in this moment.
        }
        catch (SqliteException)
        {
            // A disk that is full, for one: the lease has ended for all callers, and the next round tries to write that down again.
        }
    }
}
