using IrohRpc;

namespace Hosted;

/// <summary>A queue of jobs that outlives the process. All that changes it may be sent twice, so that a caller need not know whether an answer was lost.</summary>
[Alpn("jobs/1")]
[AuthorizePeers("submitters")]
public partial interface IJobs
{
    /// <summary>Adds a job. The caller names it, so that the same job is not added again.</summary>
    [Idempotent]
    [RateLimit("submissions")]
    ValueTask<Job> SubmitAsync(Guid id, [Sensitive] string text, CancellationToken cancellationToken = default);

    /// <summary>Finds a job; null where there is none.</summary>
    [Idempotent]
    ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Counts jobs.</summary>
    [Idempotent]
    ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes the jobs that are done, and says how many there were. For operators.</summary>
    [Idempotent]
    [AuthorizePeers("operators")]
    ValueTask<long> PurgeAsync(CancellationToken cancellationToken = default);

    /// <summary>Jobs as they are done, from now on, until the caller or the service stops.</summary>
    IAsyncEnumerable<Job> WatchAsync(CallContext? context = null, CancellationToken cancellationToken = default);
}
