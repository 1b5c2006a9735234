namespace IrohRpc.Tests;

/// <summary>A contract with one method that may be called with a dial's first packet, and one that may not.</summary>
[Alpn("early-store/1")]
public partial interface IEarlyStore
{
    [Idempotent]
    ValueTask<int> ReadAsync(string key, CancellationToken cancellation = default);

    ValueTask<int> AddAsync(string key, CancellationToken cancellation = default);
}
