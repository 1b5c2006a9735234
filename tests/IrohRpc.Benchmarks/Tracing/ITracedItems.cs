namespace IrohRpc.Benchmarks.Tracing;

/// <summary>Large items, whose way is followed.</summary>
[Alpn("bench-trace/1")]
public partial interface ITracedItems
{
    IAsyncEnumerable<byte[]> DownloadAsync(int count, CancellationToken cancellationToken = default);
}
