using IrohRpc;

namespace Clocks.Second;

/// <summary>The clock with its first addition.</summary>
[Alpn("clock/9"), Alpn("clock/8")]
public partial interface IClock
{
    ValueTask<string> VersionAsync(CallContext? context = null, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<int> AddAsync(int left, int right, CancellationToken cancellationToken = default);

    [Since("clock/9")]
    IAsyncEnumerable<string> TicksAsync(int count, CallContext? context = null, CancellationToken cancellationToken = default);
}
