namespace IrohRpc.Policies.Tests;

/// <summary>A contract whose methods differ in who may call them.</summary>
[Alpn("vault/1"), AuthorizePeers("members")]
public partial interface IVault
{
    ValueTask<string> ReadAsync(string key, CancellationToken cancellationToken = default);

    [AuthorizePeers("admins")]
    ValueTask<string> EraseAsync(string key, CancellationToken cancellationToken = default);

    [AllowAnyPeer]
    ValueTask<string> NameAsync(CancellationToken cancellationToken = default);

    [AuthorizePeers("nobody wrote this policy")]
    ValueTask LostAsync(CancellationToken cancellationToken = default);

    [AuthorizePeers]
    ValueTask DefaultAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> WatchAsync(CancellationToken cancellationToken = default);
}

/// <summary>A contract without a word about who may call it.</summary>
[Alpn("desk/1")]
public partial interface IDesk
{
    [Idempotent]
    ValueTask<int> AskAsync(int number, CancellationToken cancellationToken = default);

    ValueTask<int> TellAsync(int number, [Sensitive] string secret, CancellationToken cancellationToken = default);

    [RateLimit("dear")]
    ValueTask<int> DearAsync(CancellationToken cancellationToken = default);

    ValueTask<long> StoreAsync(Stream bytes, IProgress<int>? progress, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> HoldAsync(CancellationToken cancellationToken = default);
}
