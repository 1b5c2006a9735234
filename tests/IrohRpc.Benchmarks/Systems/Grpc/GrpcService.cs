using Google.Protobuf;
using global::Grpc.Core;

namespace IrohRpc.Benchmarks.Systems.Grpc;

/// <summary>The same service in gRPC.</summary>
internal sealed class GrpcService(HoldGate gate) : BenchService.BenchServiceBase
{
    private static readonly ByteString Item = UnsafeByteOperations.UnsafeWrap(new byte[Session.LargeItem]);

    public override Task<BlockMessage> Echo(BlockMessage request, ServerCallContext context) => Task.FromResult(request);

    public override Task<BytesMessage> EchoBytes(BytesMessage request, ServerCallContext context) => Task.FromResult(request);

    public override async Task<BlockMessage> Hold(BlockMessage request, ServerCallContext context)
    {
        await gate.WaitAsync();
        return request;
    }

    public override async Task Download(CountMessage request, IServerStreamWriter<BlockMessage> responseStream, ServerCallContext context)
    {
        // As the documentation of grpc-dotnet advises: what need not be seen at once is not flushed with each message.
        responseStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        for (long i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(GrpcMessages.ToMessage(Block.Of((ulong)i)));
        }
    }

    public override async Task<CountMessage> Upload(IAsyncStreamReader<BlockMessage> requestStream, ServerCallContext context)
    {
        long count = 0;
        while (await requestStream.MoveNext())
        {
            count++;
        }

        return new CountMessage { Count = count };
    }

    public override async Task PingPong(
        IAsyncStreamReader<BlockMessage> requestStream, IServerStreamWriter<BlockMessage> responseStream, ServerCallContext context)
    {
        while (await requestStream.MoveNext())
        {
            await responseStream.WriteAsync(requestStream.Current);
        }
    }

    public override async Task DownloadBytes(CountMessage request, IServerStreamWriter<BytesMessage> responseStream, ServerCallContext context)
    {
        var message = new BytesMessage { Data = Item };
        for (long i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(message);
        }
    }

    public override async Task<CountMessage> UploadBytes(IAsyncStreamReader<BytesMessage> requestStream, ServerCallContext context)
    {
        long total = 0;
        while (await requestStream.MoveNext())
        {
            total += requestStream.Current.Data.Length;
        }

        return new CountMessage { Count = total };
    }
}
