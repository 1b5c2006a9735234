using IrohRpc;
using MemoryPack;

namespace PrintShop;

[Alpn("printjobs/1"), AuthorizePeers("customers")]
public partial interface IPrintJobs
{
    [Idempotent]
    ValueTask<PrintJob> SubmitAsync(Guid id, string title, [Sensitive] string cardNumber, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<PrintJob?> FindAsync(Guid id, CancellationToken cancellationToken = default);

    ValueTask<long> UploadAsync(Guid id, Stream pages, IProgress<long>? progress, CancellationToken cancellationToken = default);

    /// <summary>The job as it is, and then as it changes, until it is printed or the shop closes.</summary>
    IAsyncEnumerable<PrintJob> WatchAsync(Guid id, CallContext? context = null, CancellationToken cancellationToken = default);

    [AuthorizePeers("operators"), Fault<NotFound>]
    ValueTask CancelAsync(Guid id, CancellationToken cancellationToken = default);
}

[Alpn("printers/1"), AuthorizePeers("printers")]
public partial interface IPrinters
{
    ValueTask RegisterAsync(PrinterInfo info, IPrinter printer, CancellationToken cancellationToken = default);

    ValueTask<IReadOnlyList<PrinterInfo>> ListAsync(CancellationToken cancellationToken = default);
}

[Alpn("printer/1")]
public partial interface IPrinter
{
    ValueTask<int> PrintAsync(PrintJob job, CancellationToken cancellationToken = default);
}

[MemoryPackable]
public partial record PrintJob(Guid Id, string Title, EndpointId Customer, int? Pages);

[MemoryPackable]
public partial record PrinterInfo(string Name, EndpointTicket? Ticket, EndpointAddress? Address);

[MemoryPackable]
public partial record NotFound(Guid Id);
