using System.Diagnostics;
using System.Runtime.CompilerServices;
using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Tracing;

/// <summary>Notes when each item is asked for.</summary>
internal sealed class TracedItems : ITracedItems
{
    private static readonly byte[] Item = new byte[Session.LargeItem];

    /// <summary>When each item was asked for.</summary>
    public List<long> Made { get; } = [];

    public async IAsyncEnumerable<byte[]> DownloadAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            Made.Add(Stopwatch.GetTimestamp());
            yield return Item;
        }
    }
}
