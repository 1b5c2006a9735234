using System.Runtime.CompilerServices;
using Hosted.Storage;
using IrohRpc;

namespace Hosted.Service;

/// <summary>Answers one call: the container makes it with what it needs, and disposes of it after the call.</summary>
internal sealed partial class JobService(JobStore store, JobFeed feed, ICallContextAccessor accessor, ILogger<JobService> logger) : IJobs
{
    private EndpointId Caller => accessor.CallContext!.PeerId;

    public async ValueTask<Job> SubmitAsync(Guid id, string text, CancellationToken cancellationToken)
    {
        Job job = await store.AddAsync(new Job(id, text, Caller, null), cancellationToken);
        Submitted(id, Caller.ToShortString());
        feed.JobIsWaiting();
        return job;
    }

    public ValueTask<Job?> FindAsync(Guid id, CancellationToken cancellationToken) => store.FindAsync(id, cancellationToken);

    public ValueTask<JobCounts> CountAsync(CancellationToken cancellationToken) => store.CountAsync(cancellationToken);

    public ValueTask<long> PurgeAsync(CancellationToken cancellationToken) => store.RemoveDoneAsync(cancellationToken);

    public async IAsyncEnumerable<Job> WatchAsync(CallContext? context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A stream that runs for as long as it is wanted ends when the host begins to stop, so that the drain does not wait for it.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context!.Stopping);
        await using IAsyncEnumerator<Job> jobs = feed.WatchAsync(ending.Token).GetAsyncEnumerator(ending.Token);
        while (await MoveNextAsync(jobs, context.Stopping))
        {
            yield return jobs.Current;
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<Job> jobs, CancellationToken stopping)
    {
        try
        {
            return await jobs.MoveNextAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Job {Id} was submitted by {Peer}.")]
    private partial void Submitted(Guid id, string peer);
}
