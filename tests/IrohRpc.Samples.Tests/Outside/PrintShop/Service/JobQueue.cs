using System.Collections.Concurrent;
using System.Threading.Channels;
using IrohRpc;

namespace PrintShop.Service;

public sealed class JobQueue
{
    private readonly ConcurrentDictionary<Guid, PrintJob> _jobs = new();
    private readonly ConcurrentDictionary<Channel<PrintJob>, bool> _watchers = new();
    private readonly Channel<PrintJob> _waiting = Channel.CreateUnbounded<PrintJob>();

    public IAsyncEnumerable<PrintJob> Waiting(CancellationToken cancellationToken) => _waiting.Reader.ReadAllAsync(cancellationToken);

    public PrintJob Add(Guid id, string title, EndpointId customer)
    {
        var job = new PrintJob(id, title, customer, null);
        if (_jobs.TryAdd(id, job))
        {
            _waiting.Writer.TryWrite(job);
        }

        return _jobs[id];
    }

    public PrintJob? Find(Guid id) => _jobs.GetValueOrDefault(id);

    public bool Remove(Guid id) => _jobs.TryRemove(id, out _);

    public void Done(PrintJob job)
    {
        _jobs[job.Id] = job;
        foreach (Channel<PrintJob> watcher in _watchers.Keys)
        {
            watcher.Writer.TryWrite(job);
        }
    }

    public async IAsyncEnumerable<PrintJob> WatchAsync(Guid id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateUnbounded<PrintJob>();
        _watchers[channel] = true;
        try
        {
            // From here on no change is missed.
            PrintJob? job = Find(id);
            while (job is null or { Pages: null })
            {
                if (job is not null)
                {
                    yield return job;
                }

                do
                {
                    job = await channel.Reader.ReadAsync(cancellationToken);
                }
                while (job.Id != id);
            }

            yield return job;
        }
        finally
        {
            _watchers.TryRemove(channel, out _);
        }
    }
}
