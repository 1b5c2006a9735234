using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Sends streams of items and bytes as frames, at the pace of the receiver.</summary>
/// <remarks>Each method ends quietly, with false, where the receiver has stopped; what the source throws comes through.</remarks>
internal static class StreamSending
{
    // Two chunks, so that one is made while the other is written, and little enough that a slow receiver is felt soon.
    private const int MostUnsent = 256 * 1024;

    // Small items leave together once they are so many bytes.
    private const int FlushedAt = 32 * 1024;

    // With its head a chunk fills an array of the pool's to the last byte.
    private const int ChunkSize = (128 * 1024) - CallBuffer.Headroom;

    public static async ValueTask<bool> SendItemsAsync<T>(
        FrameSender sender, IAsyncEnumerable<T> items, ValueWriter<T> writer, CancellationToken cancellationToken)
    {
        var item = new CallBuffer();
        IAsyncEnumerator<T> enumerator = items.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                ValueTask<bool> next = enumerator.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    // The source pauses: what there is leaves now.
                    sender.Flush();
                }

                if (!await next.ConfigureAwait(false))
                {
                    return true;
                }

                item.BeginFrame();
                item.WriteValue(enumerator.Current, writer);
                int length = item.Length;
                if (!sender.AppendFrame(FrameType.Item, item))
                {
                    return false;
                }

                if (sender.Unsent > FlushedAt)
                {
                    sender.Flush();
                    await sender.WaitForRoomAsync(Math.Max(MostUnsent, length), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            item.Release();
            await enumerator.DisposeAsync().ConfigureAwait(false);
        }
    }

    public static async ValueTask<bool> SendBytesAsync(FrameSender sender, Stream source, CancellationToken cancellationToken)
    {
        var chunk = new CallBuffer();
        while (true)
        {
            chunk.BeginFrame();
            int read = await source.ReadAsync(chunk.GetMemory(ChunkSize)[..ChunkSize], cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                // Only here: where reading failed, the source may still write to the memory.
                chunk.Release();
                return true;
            }

            chunk.Advance(read);
            if (!await SendChunkAsync(sender, chunk, cancellationToken).ConfigureAwait(false))
            {
                chunk.Release();
                return false;
            }
        }
    }

    public static async ValueTask<bool> SendBytesAsync(FrameSender sender, PipeReader source, CancellationToken cancellationToken)
    {
        var chunk = new CallBuffer();
        try
        {
            while (true)
            {
                ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
                ReadOnlySequence<byte> rest = result.Buffer;
                while (!rest.IsEmpty)
                {
                    ReadOnlySequence<byte> bytes = rest.Slice(0, Math.Min(ChunkSize, rest.Length));
                    chunk.BeginFrame();
                    bytes.CopyTo(chunk.GetSpan((int)bytes.Length));
                    chunk.Advance((int)bytes.Length);
                    if (!await SendChunkAsync(sender, chunk, cancellationToken).ConfigureAwait(false))
                    {
                        return false;
                    }

                    rest = rest.Slice(bytes.Length);
                }

                source.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || result.IsCanceled)
                {
                    return true;
                }
            }
        }
        finally
        {
            chunk.Release();
        }
    }

    /// <summary>Says how a direction ends, and ends it.</summary>
    public static void End(FrameSender sender, RpcStatusCode status = RpcStatusCode.OK, ReadOnlySpan<byte> fields = default)
    {
        AppendEnd(sender, status, fields);
        sender.Complete();
    }

    public static void AppendEnd(FrameSender sender, RpcStatusCode status, ReadOnlySpan<byte> fields)
    {
        Span<byte> head = stackalloc byte[2 * VarInt.MaxLength];
        sender.Append(FrameType.End, head[..WireFormat.WriteEndHead(head, status, fields.Length)], fields);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> SendChunkAsync(FrameSender sender, CallBuffer chunk, CancellationToken cancellationToken)
    {
        if (!sender.AppendFrame(FrameType.Bytes, chunk))
        {
            return false;
        }

        sender.Flush();
        await sender.WaitForRoomAsync(MostUnsent, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
