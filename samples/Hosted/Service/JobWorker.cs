using Hosted.Storage;

namespace Hosted.Service;

/// <summary>Does the jobs, one after the other, those first that an earlier process left waiting.</summary>
internal sealed class JobWorker(JobStore store, JobFeed feed) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            while (await store.FindWaitingAsync(stoppingToken) is { } job)
            {
                Job done = job with { Result = new string([.. job.Text.Reverse()]) };
                await store.CompleteAsync(done, stoppingToken);
                feed.JobIsDone(done);
            }

            await feed.WaitForJobAsync(stoppingToken);
        }
    }
}
