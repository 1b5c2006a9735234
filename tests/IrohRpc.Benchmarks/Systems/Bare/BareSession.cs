using System.Runtime.CompilerServices;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>One stream of the platform's: what any system above it cannot be faster than.</summary>
/// <param name="stream">The stream.</param>
/// <param name="connection">What is disposed with it.</param>
internal sealed class BareSession(Stream stream, IAsyncDisposable? connection) : Session, ISmallCalls, IPingPong, IBulk, IRawBytes
{
    private readonly byte[] _buffer = new byte[BareProtocol.BlockSize];

    public int MostCallers => 1;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(Block block) => Check(await BareProtocol.ExchangeAsync(stream, _buffer, block) == block);

    public Task<IExchange> OpenAsync() => Task.FromResult<IExchange>(new Exchange(this));

    public Task DownloadItemsAsync(int count) => BareProtocol.DownloadItemsAsync(stream, count);

    public Task UploadBytesAsync(long length) => BareProtocol.UploadBytesAsync(stream, length);

    public override async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
    }

    // The stream goes on when the exchange has ended.
    private sealed class Exchange(BareSession session) : IExchange
    {
        public ValueTask ExchangeAsync(Block block) => session.CallAsync(block);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
