namespace IrohRpc.Hostile;

/// <summary>Callers that make one transfer after the other until they are disposed of. Every fourth gives its transfers a deadline.</summary>
internal sealed class TransferLoad : IAsyncDisposable
{
    private const int Callers = 16;

    private static readonly TimeSpan WaitForReady = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly PeerEndpoint _endpoint;
    private readonly Task _callers;

    private TransferLoad(PeerEndpoint endpoint, EndpointTicket ticket)
    {
        _endpoint = endpoint;
        ITransferLedger patient = endpoint.Connect<ITransferLedger>(ticket, new ClientOptions { WaitForReady = WaitForReady });
        ITransferLedger hurried = endpoint.Connect<ITransferLedger>(ticket, new ClientOptions { WaitForReady = WaitForReady, Timeout = Deadline });
        _callers = Task.WhenAll(Enumerable.Range(0, Callers).Select(index => Task.Run(() => TransferAsync(index % 4 == 0 ? hurried : patient))));
    }

    /// <summary>How the transfers end.</summary>
    public TransferBook Book { get; } = new();

    /// <summary>Starts the callers.</summary>
    public static async Task<TransferLoad> StartAsync(string transport, TimeSpan idleTimeout, EndpointTicket ticket)
        => new(await PeerEndpoint.BindAsync(TransferService.Options(transport, idleTimeout)), ticket);

    /// <summary>Lets each caller end its transfer, and closes their endpoint.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _callers;
        await _endpoint.DisposeAsync();
        _stop.Dispose();
    }

    private async Task TransferAsync(ITransferLedger ledger)
    {
        while (!_stop.IsCancellationRequested)
        {
            long transfer = Book.Begin();
            try
            {
                Book.End(transfer, await ledger.ApplyAsync(transfer, TransferNote.Of(transfer), CancellationToken.None) == transfer ? TransferOutcome.Acknowledged : TransferOutcome.Crossed);
            }
            catch (RpcException exception)
            {
                Book.End(transfer, exception.IsNotStarted ? TransferOutcome.NotStarted : TransferOutcome.Unknown);
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }
}
