using IrohRpc;

namespace Clocks.First;

/// <summary>The clock as it was first released.</summary>
[Alpn("clock/8")]
public partial interface IClock
{
    ValueTask<string> VersionAsync(CallContext? context = null, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<int> AddAsync(int left, int right, CancellationToken cancellationToken = default);
}
