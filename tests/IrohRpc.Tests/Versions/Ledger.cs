namespace IrohRpc.Tests.Versions;

/// <summary>One interface for each version, the younger inheriting the older.</summary>
[Alpn("ledger/1")]
public partial interface ILedgerV1
{
    ValueTask<string> BalanceAsync(CallContext? context = null, CancellationToken cancellationToken = default);
}

[Alpn("ledger/2")]
public partial interface ILedgerV2 : ILedgerV1
{
    ValueTask<int> TransferAsync(int amount, CancellationToken cancellationToken = default);
}

[Alpn("ledger/3")]
public partial interface ILedgerV3 : ILedgerV2
{
    ValueTask AuditAsync(CancellationToken cancellationToken = default);
}

/// <summary>What came after the older versions were retired: it inherits none of them.</summary>
[Alpn("ledger/4")]
public partial interface INewLedger
{
    ValueTask<string> BalanceAsync(CallContext? context = null, CancellationToken cancellationToken = default);
}

internal sealed class Ledger : ILedgerV3
{
    public ValueTask<string> BalanceAsync(CallContext? context, CancellationToken cancellationToken) => new(context!.Alpn);

    public ValueTask<int> TransferAsync(int amount, CancellationToken cancellationToken) => new(amount);

    public ValueTask AuditAsync(CancellationToken cancellationToken) => default;
}

internal sealed class NewLedger : INewLedger
{
    public ValueTask<string> BalanceAsync(CallContext? context, CancellationToken cancellationToken) => new(context!.Alpn);
}
