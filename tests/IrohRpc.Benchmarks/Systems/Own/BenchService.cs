using System.Buffers;
using System.Runtime.CompilerServices;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>The service that is measured: it does as little as the others' do.</summary>
internal sealed class BenchService(HoldGate gate) : IBench
{
    private static readonly byte[] Item = new byte[Session.LargeItem];

    public ValueTask<Block> EchoAsync(Block block, CancellationToken cancellationToken) => new(block);

    public ValueTask<byte[]> EchoBytesAsync(byte[] data, CancellationToken cancellationToken) => new(data);

    public async ValueTask<Block> HoldAsync(Block block, CancellationToken cancellationToken)
    {
        await gate.WaitAsync();
        return block;
    }

    public async IAsyncEnumerable<Block> DownloadAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return Block.Of((ulong)i);
        }
    }

    public async ValueTask<long> UploadAsync(IAsyncEnumerable<Block> blocks, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (Block _ in blocks.WithCancellation(cancellationToken))
        {
            count++;
        }

        return count;
    }

    public async IAsyncEnumerable<Block> PingPongAsync(IAsyncEnumerable<Block> blocks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (Block block in blocks.WithCancellation(cancellationToken))
        {
            yield return block;
        }
    }

    public async IAsyncEnumerable<byte[]> DownloadBytesAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return Item;
        }
    }

    public async ValueTask<long> UploadBytesAsync(Stream data, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Session.LargeCall);
        long total = 0;
        int read;
        while ((read = await data.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return total;
    }
}
