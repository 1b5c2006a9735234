namespace IrohRpc.Hostile;

/// <summary>Books that have to balance: each transfer is applied once, if at all.</summary>
[Alpn("ledger/1")]
public partial interface ITransferLedger
{
    ValueTask<long> ApplyAsync(long transfer, byte[] note, CancellationToken cancellationToken = default);
}
