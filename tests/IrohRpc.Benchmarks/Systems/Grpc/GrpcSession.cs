using System.Runtime.CompilerServices;
using Google.Protobuf;
using global::Grpc.Core;
using global::Grpc.Net.Client;

namespace IrohRpc.Benchmarks.Systems.Grpc;

/// <summary>One channel of gRPC's.</summary>
internal sealed class GrpcSession(GrpcChannel channel, HoldGate gate)
    : Session, ISmallCalls, ILargeCalls, IHeldCalls, IBlockStreams, IPingPong, IBulk, IRawBytes
{
    private readonly BenchService.BenchServiceClient _client = new(channel);

    public int MostCallers => int.MaxValue;

    public int Held => gate.Held;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(Block block)
        => Check(GrpcMessages.ToBlock(await _client.EchoAsync(GrpcMessages.ToMessage(block))) == block);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(byte[] data)
        => Check((await _client.EchoBytesAsync(new BytesMessage { Data = UnsafeByteOperations.UnsafeWrap(data) })).Data.Length == data.Length);

    public async Task HoldAsync(Block block)
        => Check(GrpcMessages.ToBlock(await _client.HoldAsync(GrpcMessages.ToMessage(block))) == block);

    public void Release() => gate.Open();

    public async Task DownloadAsync(int count)
    {
        using AsyncServerStreamingCall<BlockMessage> call = _client.Download(new CountMessage { Count = count });
        int received = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            received++;
        }

        Check(received == count);
    }

    public async Task UploadAsync(int count)
    {
        using AsyncClientStreamingCall<BlockMessage, CountMessage> call = _client.Upload();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (int i = 0; i < count; i++)
        {
            await call.RequestStream.WriteAsync(GrpcMessages.ToMessage(Block.Of((ulong)i)));
        }

        await call.RequestStream.CompleteAsync();
        Check((await call).Count == count);
    }

    public Task<IExchange> OpenAsync() => Task.FromResult<IExchange>(new Exchange(_client.PingPong()));

    public async Task DownloadItemsAsync(int count)
    {
        using AsyncServerStreamingCall<BytesMessage> call = _client.DownloadBytes(new CountMessage { Count = count });
        int received = 0;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            Check(call.ResponseStream.Current.Data.Length == LargeItem);
            received++;
        }

        Check(received == count);
    }

    public async Task UploadBytesAsync(long length)
    {
        // gRPC has no streams of bytes: the way that its documentation shows is a stream of messages of moderate size.
        using AsyncClientStreamingCall<BytesMessage, CountMessage> call = _client.UploadBytes();
        using var source = new TestBytes(length);
        byte[] buffer = new byte[LargeCall];
        int read;
        while ((read = await source.ReadAsync(buffer)) > 0)
        {
            await call.RequestStream.WriteAsync(new BytesMessage { Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, read)) });
        }

        await call.RequestStream.CompleteAsync();
        Check((await call).Count == length);
    }

    public override ValueTask DisposeAsync()
    {
        channel.Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Exchange(AsyncDuplexStreamingCall<BlockMessage, BlockMessage> call) : IExchange
    {
        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
        public async ValueTask ExchangeAsync(Block block)
        {
            await call.RequestStream.WriteAsync(GrpcMessages.ToMessage(block));
            Check(await call.ResponseStream.MoveNext(CancellationToken.None) && GrpcMessages.ToBlock(call.ResponseStream.Current) == block);
        }

        public async ValueTask DisposeAsync()
        {
            await call.RequestStream.CompleteAsync();
            Check(!await call.ResponseStream.MoveNext(CancellationToken.None));
            call.Dispose();
        }
    }
}
