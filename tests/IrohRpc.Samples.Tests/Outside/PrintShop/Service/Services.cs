using System.Runtime.CompilerServices;
using IrohRpc;

namespace PrintShop.Service;

public sealed class PrintJobService(JobQueue queue, ICallContextAccessor accessor) : IPrintJobs
{
    public ValueTask<PrintJob> SubmitAsync(Guid id, string title, string cardNumber, CancellationToken cancellationToken)
        => new(queue.Add(id, title, accessor.CallContext!.PeerId));

    public ValueTask<PrintJob?> FindAsync(Guid id, CancellationToken cancellationToken) => new(queue.Find(id));

    public async ValueTask<long> UploadAsync(Guid id, Stream pages, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var buffer = new byte[65536];
        long total = 0;
        while (await pages.ReadAsync(buffer, cancellationToken) is > 0 and int read)
        {
            total += read;
            progress!.Report(total);
        }

        return total;
    }

    public async IAsyncEnumerable<PrintJob> WatchAsync(Guid id, CallContext? context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context!.Stopping);
        await using IAsyncEnumerator<PrintJob> jobs = queue.WatchAsync(id, ending.Token).GetAsyncEnumerator(ending.Token);
        while (await MoveNextAsync(jobs, context.Stopping))
        {
            yield return jobs.Current;
        }
    }

    public ValueTask CancelAsync(Guid id, CancellationToken cancellationToken)
        => queue.Remove(id) ? default : throw new RpcFaultException<NotFound>(new NotFound(id), "There is no such job.");

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<PrintJob> jobs, CancellationToken stopping)
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
}

public sealed class PrinterService(PrinterPool pool) : IPrinters
{
    public ValueTask RegisterAsync(PrinterInfo info, IPrinter printer, CancellationToken cancellationToken)
    {
        pool.Add(info, printer);
        return default;
    }

    public ValueTask<IReadOnlyList<PrinterInfo>> ListAsync(CancellationToken cancellationToken) => new(pool.List());
}
