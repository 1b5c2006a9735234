using IrohRpc;

namespace Clocks.Third;

/// <summary>The clock with additions of every shape; its newest version is the older one in the order of letters.</summary>
[Alpn("clock/10"), Alpn("clock/9"), Alpn("clock/8")]
public partial interface IClock
{
    ValueTask<string> VersionAsync(CallContext? context = null, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<int> AddAsync(int left, int right, CancellationToken cancellationToken = default);

    [Since("clock/9")]
    IAsyncEnumerable<string> TicksAsync(int count, CallContext? context = null, CancellationToken cancellationToken = default);

    [Since("clock/10")]
    ValueTask<int> MultiplyAsync(int left, int right, CancellationToken cancellationToken = default);

    [Since("clock/10")]
    ValueTask<int> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    [Since("clock/10")]
    ValueTask<Stream> ReadAsync(CancellationToken cancellationToken = default);

    [Since("clock/10")]
    void Wind(int turns);
}
