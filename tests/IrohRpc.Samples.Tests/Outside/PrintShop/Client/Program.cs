using IrohRpc;
using PrintShop;

EndpointTicket ticket = EndpointTicket.Parse(args[0]);
using SecretKey key = new SecretKeyFile(args[1]) { CreateIfMissing = true }.Read();
await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { SecretKey = key });
await using PeerChannel channel = endpoint.CreateChannel(ticket, new PeerChannelOptions { Calls = new ClientOptions { WaitForReady = TimeSpan.FromSeconds(10) } });
IPrintJobs jobs = channel.Get<IPrintJobs>();
IPrinters printers = channel.Get<IPrinters>();
await printers.RegisterAsync(new PrinterInfo("laser", endpoint.Ticket, endpoint.Address), new Printer());
Console.WriteLine($"printers: {string.Join(", ", (await printers.ListAsync()).Select(one => one.Name))}");

var id = Guid.NewGuid();
await jobs.SubmitAsync(id, "thesis", "4111 1111");
Console.WriteLine($"uploaded: {await jobs.UploadAsync(id, new MemoryStream(new byte[100_000]), new Progress<long>())}");
PrintJob? printed = null;
await foreach (PrintJob job in jobs.WatchAsync(id))
{
    printed = job;
}

Console.WriteLine($"printed: {printed?.Title}, {printed?.Pages} pages");
try
{
    await jobs.CancelAsync(id);
}
catch (RpcException exception)
{
    Console.WriteLine($"{exception.StatusCode}: {exception.Message}");
}

internal sealed class Printer : IPrinter
{
    public ValueTask<int> PrintAsync(PrintJob job, CancellationToken cancellationToken) => new(job.Title.Length);
}
