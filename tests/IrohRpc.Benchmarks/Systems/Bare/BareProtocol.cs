using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>
/// What is spoken on a bare stream: blocks, which come back; but one that begins with <see cref="Command"/> asks for much, one way or the other.
/// It is as little as two ends can do and still know that it arrived.
/// </summary>
internal static class BareProtocol
{
    public const int BlockSize = 64;
    private const ulong Command = ulong.MaxValue;
    private const ulong Items = 1;
    private const ulong Bytes = 2;
    private const int ChunkSize = 64 * 1024;

    /// <summary>Serves one stream until it ends.</summary>
    public static async Task ServeAsync(Stream stream)
    {
        byte[] buffer = new byte[BlockSize];
        while (await stream.ReadAtLeastAsync(buffer, BlockSize, throwOnEndOfStream: false) == BlockSize)
        {
            if (!await TryServeMuchAsync(stream, buffer))
            {
                await stream.WriteAsync(buffer);
            }
        }
    }

    /// <summary>Serves a block that asks for much; false for one that is to come back.</summary>
    public static async ValueTask<bool> TryServeMuchAsync(Stream stream, byte[] buffer)
    {
        Block block = MemoryMarshal.Read<Block>(buffer);
        switch (block)
        {
            case { A: Command, B: Items }:
                await SendItemsAsync(stream, (long)block.C);
                return true;
            case { A: Command, B: Bytes }:
                await ReceiveBytesAsync(stream, (long)block.C);
                await stream.WriteAsync(buffer);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends a block and gets it back.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="buffer">For <see cref="BlockSize"/> bytes.</param>
    /// <param name="block">The block.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<Block> ExchangeAsync(Stream stream, byte[] buffer, Block block)
    {
        MemoryMarshal.Write(buffer, block);
        await stream.WriteAsync(buffer);
        await stream.ReadExactlyAsync(buffer);
        return MemoryMarshal.Read<Block>(buffer);
    }

    /// <summary>Asks for items, and receives them.</summary>
    public static async Task DownloadItemsAsync(Stream stream, int count)
    {
        byte[] command = new byte[BlockSize];
        MemoryMarshal.Write(command, new Block(Command, Items, (ulong)count, 0, 0, 0, 0, 0));
        await stream.WriteAsync(command);
        byte[] item = new byte[Session.LargeItem];
        for (int i = 0; i < count; i++)
        {
            await stream.ReadExactlyAsync(item);
        }
    }

    /// <summary>Sends bytes, and waits until they have arrived.</summary>
    public static async Task UploadBytesAsync(Stream stream, long length)
    {
        byte[] command = new byte[BlockSize];
        MemoryMarshal.Write(command, new Block(Command, Bytes, (ulong)length, 0, 0, 0, 0, 0));
        await stream.WriteAsync(command);
        byte[] chunk = new byte[ChunkSize];
        for (long sent = 0; sent < length; sent += ChunkSize)
        {
            await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(ChunkSize, length - sent)));
        }

        await stream.ReadExactlyAsync(command);
    }

    private static async Task SendItemsAsync(Stream stream, long count)
    {
        byte[] item = new byte[Session.LargeItem];
        for (long i = 0; i < count; i++)
        {
            await stream.WriteAsync(item);
        }
    }

    private static async Task ReceiveBytesAsync(Stream stream, long length)
    {
        byte[] chunk = new byte[ChunkSize];
        while (length > 0)
        {
            int read = await stream.ReadAsync(chunk.AsMemory(0, (int)Math.Min(ChunkSize, length)));
            length -= read > 0 ? read : throw new EndOfStreamException();
        }
    }
}
