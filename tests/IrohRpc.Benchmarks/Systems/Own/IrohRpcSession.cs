using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>One connection of ours.</summary>
internal sealed class IrohRpcSession(PeerClient<IBench> client, HoldGate gate)
    : Session, ISmallCalls, ILargeCalls, IHeldCalls, IBlockStreams, IPingPong, IBulk, IRawBytes
{
    public int MostCallers => int.MaxValue;

    public int Held => gate.Held;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(Block block) => Check(await client.Service.EchoAsync(block) == block);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(byte[] data) => Check((await client.Service.EchoBytesAsync(data)).Length == data.Length);

    public async Task HoldAsync(Block block) => Check(await client.Service.HoldAsync(block) == block);

    public void Release() => gate.Open();

    public async Task DownloadAsync(int count)
    {
        int received = 0;
        await foreach (Block _ in client.Service.DownloadAsync(count))
        {
            received++;
        }

        Check(received == count);
    }

    public async Task UploadAsync(int count) => Check(await client.Service.UploadAsync(MakeBlocks(count)) == count);

    public Task<IExchange> OpenAsync() => Task.FromResult<IExchange>(new Exchange(client.Service));

    public async Task DownloadItemsAsync(int count)
    {
        int received = 0;
        await foreach (byte[] item in client.Service.DownloadBytesAsync(count))
        {
            Check(item.Length == LargeItem);
            received++;
        }

        Check(received == count);
    }

    public async Task UploadBytesAsync(long length)
    {
        using var source = new TestBytes(length);
        Check(await client.Service.UploadBytesAsync(source) == length);
    }

    public override ValueTask DisposeAsync() => client.DisposeAsync();

    private static async IAsyncEnumerable<Block> MakeBlocks(int count)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return Block.Of((ulong)i);
        }
    }

    private sealed class Exchange : IExchange
    {
        private readonly Channel<Block> _sent = Channel.CreateBounded<Block>(new BoundedChannelOptions(1) { SingleReader = true, SingleWriter = true });
        private readonly IAsyncEnumerator<Block> _received;

        public Exchange(IBench service) => _received = service.PingPongAsync(_sent.Reader.ReadAllAsync()).GetAsyncEnumerator();

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public async ValueTask ExchangeAsync(Block block)
        {
            await _sent.Writer.WriteAsync(block);
            Check(await _received.MoveNextAsync() && _received.Current == block);
        }

        public async ValueTask DisposeAsync()
        {
            _sent.Writer.Complete();
            await _received.DisposeAsync();
        }
    }
}
