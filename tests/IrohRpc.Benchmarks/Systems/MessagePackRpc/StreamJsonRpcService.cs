using System.Runtime.CompilerServices;

namespace IrohRpc.Benchmarks.Systems.MessagePackRpc;

/// <summary>The same service for StreamJsonRpc.</summary>
internal sealed class StreamJsonRpcService(HoldGate gate) : IStreamJsonRpcBench
{
    private static readonly byte[] Item = new byte[Session.LargeItem];

    public Task<BlockValue> EchoAsync(BlockValue block, CancellationToken cancellationToken) => Task.FromResult(block);

    public Task<byte[]> EchoBytesAsync(byte[] data, CancellationToken cancellationToken) => Task.FromResult(data);

    public async Task<BlockValue> HoldAsync(BlockValue block, CancellationToken cancellationToken)
    {
        await gate.WaitAsync();
        return block;
    }

    public async IAsyncEnumerable<BlockValue> DownloadAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return BlockValue.From(Block.Of((ulong)i));
        }
    }

    public async Task<long> UploadAsync(IAsyncEnumerable<BlockValue> blocks, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (BlockValue _ in blocks.WithCancellation(cancellationToken))
        {
            count++;
        }

        return count;
    }

    public async IAsyncEnumerable<byte[]> DownloadBytesAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return Item;
        }
    }
}
