using System.Buffers;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>One connection on which each call has its stream.</summary>
internal sealed class StreamPerCallSession(QuicConnection connection) : Session, ISmallCalls, IRawBytes
{
    public int MostCallers => int.MaxValue;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask CallAsync(Block block)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BareProtocol.BlockSize);
        Memory<byte> memory = buffer.AsMemory(0, BareProtocol.BlockSize);
        MemoryMarshal.Write(memory.Span, block);
        await using (QuicStream stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional))
        {
            await stream.WriteAsync(memory, completeWrites: true);
            await stream.ReadExactlyAsync(memory);
        }

        Check(MemoryMarshal.Read<Block>(memory.Span) == block);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    public async Task UploadBytesAsync(long length)
    {
        await using QuicStream stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        await BareProtocol.UploadBytesAsync(stream, length);
    }

    public override ValueTask DisposeAsync() => connection.DisposeAsync();
}
