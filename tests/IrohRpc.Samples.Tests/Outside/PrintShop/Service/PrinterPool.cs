using IrohRpc;

namespace PrintShop.Service;

public sealed class PrinterPool
{
    private readonly Lock _gate = new();
    private readonly List<(PrinterInfo Info, IPrinter Printer)> _printers = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(PrinterInfo info, IPrinter printer)
    {
        IPrinter kept = RemoteObject.Keep(printer);
        lock (_gate)
        {
            _printers.Add((info, kept));
            _arrived.TrySetResult();
        }

        RemoteObject.GetClosed(kept).Register(() =>
        {
            lock (_gate)
            {
                _printers.RemoveAll(one => ReferenceEquals(one.Printer, kept));
            }
        });
    }

    public IReadOnlyList<PrinterInfo> List()
    {
        lock (_gate)
        {
            return [.. _printers.Select(one => one.Info)];
        }
    }

    public async ValueTask<IPrinter> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_printers.Count > 0)
                {
                    return _printers[Random.Shared.Next(_printers.Count)].Printer;
                }

                if (_arrived.Task.IsCompleted)
                {
                    _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(cancellationToken);
        }
    }
}
