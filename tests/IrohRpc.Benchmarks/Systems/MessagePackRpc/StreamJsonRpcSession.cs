using System.Runtime.CompilerServices;
using StreamJsonRpc;

namespace IrohRpc.Benchmarks.Systems.MessagePackRpc;

/// <summary>One connection of StreamJsonRpc's. Items travel in batches and ahead of the reader, as its documentation advises for throughput.</summary>
internal sealed class StreamJsonRpcSession(JsonRpc rpc, IStreamJsonRpcBench service, HoldGate gate)
    : Session, ISmallCalls, ILargeCalls, IHeldCalls, IBlockStreams, IBulk
{
    private static readonly JsonRpcEnumerableSettings Batches = new() { MinBatchSize = 100, MaxReadAhead = 1000 };

    public int MostCallers => int.MaxValue;

    public int Held => gate.Held;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(Block block) => Check((await service.EchoAsync(BlockValue.From(block))).ToBlock() == block);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(byte[] data) => Check((await service.EchoBytesAsync(data)).Length == data.Length);

    public async Task HoldAsync(Block block) => Check((await service.HoldAsync(BlockValue.From(block))).ToBlock() == block);

    public void Release() => gate.Open();

    public async Task DownloadAsync(int count)
    {
        int received = 0;
        await foreach (BlockValue _ in service.DownloadAsync(count).WithJsonRpcSettings(Batches))
        {
            received++;
        }

        Check(received == count);
    }

    public async Task UploadAsync(int count) => Check(await service.UploadAsync(MakeBlocks(count).WithJsonRpcSettings(Batches)) == count);

    public async Task DownloadItemsAsync(int count)
    {
        int received = 0;
        await foreach (byte[] item in service.DownloadBytesAsync(count))
        {
            Check(item.Length == LargeItem);
            received++;
        }

        Check(received == count);
    }

    public override ValueTask DisposeAsync()
    {
        rpc.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async IAsyncEnumerable<BlockValue> MakeBlocks(int count)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return BlockValue.From(Block.Of((ulong)i));
        }
    }
}
