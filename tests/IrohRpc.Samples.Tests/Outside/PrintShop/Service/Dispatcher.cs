using IrohRpc;

namespace PrintShop.Service;

public sealed class Dispatcher(JobQueue queue, PrinterPool printers, ILogger<Dispatcher> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (PrintJob job in queue.Waiting(stoppingToken))
        {
            while (true)
            {
                IPrinter printer = await printers.TakeAsync(stoppingToken);
                try
                {
                    queue.Done(job with { Pages = await printer.PrintAsync(job, stoppingToken) });
                    break;
                }
                catch (RpcException exception) when (exception.StatusCode is RpcStatusCode.Unavailable)
                {
                    logger.LogWarning(exception, "A printer went away.");
                }
            }
        }
    }
}
