using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Sends streams of items and bytes as frames, at the pace of the receiver.</summary>
/// <remarks>Each method ends quietly, with false, where the receiver has stopped; what the source throws comes through.</remarks>
internal static class StreamSending
{
    // Enough to fill writes, little enough that a slow receiver is felt soon.
    private const int MostUnsent = 64 * 1024;
    private const int ChunkSize = 32 * 1024;

    public static async ValueTask<bool> SendItemsAsync<T>(
        FrameSender sender, IAsyncEnumerable<T> items, ValueWriter<T> writer, CancellationToken cancellationToken)
    {
        var item = new CallBuffer();
        IAsyncEnumerator<T> enumerator = items.GetAsyncEnumerator(cancellationToken);
        await using (enumerator.ConfigureAwait(false))
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

                item.Clear();
                item.WriteValue(enumerator.Current, writer);
                if (sender.Append(FrameType.Item, default, default, item.WrittenSpan) < 0)
                {
                    return false;
                }

                if (sender.Unsent > ChunkSize)
                {
                    sender.Flush();
                    await sender.WaitForRoomAsync(MostUnsent, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    public static async ValueTask<bool> SendBytesAsync(FrameSender sender, Stream source, CancellationToken cancellationToken)
    {
        byte[] buffer = BufferPool.Rent(ChunkSize);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer.AsMemory(0, ChunkSize), cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (!await SendChunkAsync(sender, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            BufferPool.Return(buffer);
        }
    }

    public static async ValueTask<bool> SendBytesAsync(FrameSender sender, PipeReader source, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                for (int start = 0; start < segment.Length; start += ChunkSize)
                {
                    ReadOnlyMemory<byte> chunk = segment.Slice(start, Math.Min(ChunkSize, segment.Length - start));
                    if (!await SendChunkAsync(sender, chunk, cancellationToken).ConfigureAwait(false))
                    {
                        return false;
                    }
                }
            }

            source.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted || result.IsCanceled)
            {
                return true;
            }
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

    private static async ValueTask<bool> SendChunkAsync(FrameSender sender, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        if (sender.Append(FrameType.Bytes, default, default, chunk.Span) < 0)
        {
            return false;
        }

        sender.Flush();
        await sender.WaitForRoomAsync(MostUnsent, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
