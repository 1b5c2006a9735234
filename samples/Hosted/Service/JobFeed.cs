using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Hosted.Service;

/// <summary>Brings submissions to the worker, and finished jobs to those who watch.</summary>
internal sealed class JobFeed
{
    // A watcher that is this far behind loses the oldest; the jobs themselves are in the store.
    private const int MostBehind = 1024;

    private readonly Channel<bool> _waiting = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<Channel<Job>, bool> _watchers = new();

    public void JobIsWaiting() => _waiting.Writer.TryWrite(true);

    public ValueTask<bool> WaitForJobAsync(CancellationToken cancellationToken) => _waiting.Reader.ReadAsync(cancellationToken);

    public void JobIsDone(Job job)
    {
        foreach (Channel<Job> watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(job);
        }
    }

    public async IAsyncEnumerable<Job> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Channel<Job> watcher = Channel.CreateBounded<Job>(new BoundedChannelOptions(MostBehind) { FullMode = BoundedChannelFullMode.DropOldest });
        _watchers.TryAdd(watcher, true);
        try
        {
            await foreach (Job job in watcher.Reader.ReadAllAsync(cancellationToken))
            {
                yield return job;
            }
        }
        finally
        {
            _watchers.TryRemove(watcher, out _);
        }
    }
}
