using IrohRpc;
using IrohRpc.Testing;
using Microsoft.Extensions.Time.Testing;
using PrintShop;
using PrintShop.Service;

public sealed class PrintShopTests
{
    public PrintShopTests() => File.WriteAllText("operators.txt", "# nobody");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_printed_and_cancelled_by_operators_only()
    {
        await using TestHost app = await TestHost.StartAsync(static testServices => PrintShopHost.Build([], testServices), cancellationToken: Token);
        IPrintJobs jobs = app.Connect<IPrintJobs>();
        await app.Connect<IPrinters>().RegisterAsync(new PrinterInfo("test", app.Client.Ticket, app.Client.Address), new Printer(), Token);
        Assert.Equal("test", Assert.Single(await app.Connect<IPrinters>().ListAsync(Token)).Name);
        var id = Guid.NewGuid();
        PrintJob job = await jobs.SubmitAsync(id, "thesis", "4111", Token);
        Assert.Equal(app.Client.Id, job.Customer);
        PrintJob printed = await jobs.WatchAsync(id, null, Token).LastAsync(Token);
        Assert.Equal(6, printed.Pages);

        RpcException denied = await Assert.ThrowsAsync<RpcException>(() => jobs.CancelAsync(id, Token).AsTask());
        Assert.Equal(RpcStatusCode.PermissionDenied, denied.StatusCode);
        RpcException invalid = await Assert.ThrowsAsync<RpcException>(() => jobs.SubmitAsync(id, "", "4111", Token).AsTask());
        Assert.Equal(RpcStatusCode.InvalidArgument, invalid.StatusCode);

        // A watch ends with the host, and not with an error.
        Task<int> watched = jobs.WatchAsync(Guid.NewGuid(), null, Token).CountAsync(Token).AsTask();
        await jobs.FindAsync(id, Token);
        await app.StopAsync(Token);
        Assert.Equal(0, await watched);
    }

    [Fact]
    public async Task A_printer_is_met_again_after_a_loss()
    {
        await using TestPeers<IPrinter> peers = await TestPeers.CreateAsync<IPrinter>(new Printer(), new TestPeersOptions { TimeProvider = new FakeTimeProvider() }, Token);
        var job = new PrintJob(Guid.NewGuid(), "abc", peers.Client.Id, null);
        Assert.Equal(3, await peers.Proxy.PrintAsync(job, Token));
        await peers.LoseConnectionsAsync();
        Assert.Equal(3, await peers.Proxy.PrintAsync(job, Token));
    }

    private sealed class Printer : IPrinter
    {
        public ValueTask<int> PrintAsync(PrintJob job, CancellationToken cancellationToken) => new(job.Title.Length);
    }
}
