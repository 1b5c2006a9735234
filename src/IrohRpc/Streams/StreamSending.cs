using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>Sends streams of items and bytes as frames, at the pace of the receiver.</summary>
/// <remarks>Each method ends quietly, with false, where the receiver has stopped. What the source throws comes wrapped in <see cref="SourceException"/>.</remarks>
internal static class StreamSending
{
    // Two chunks, so that one is made while the other is written, and little enough that a slow receiver is felt soon.
    private const int MostUnsent = 256 * 1024;

    // Small items leave together once they are so many bytes.
    private const int FlushedAt = 32 * 1024;

    // With its head a chunk fills an array of the pool's to the last byte.
    private const int ChunkSize = (128 * 1024) - CallBuffer.Headroom;

    public static async ValueTask<bool> SendItemsAsync<T>(
        FrameSender sender, IAsyncEnumerable<T> items, ValueWriter<T> writer, WriteBounds bounds, CancellationToken cancellationToken)
    {
        var item = new CallBuffer();
        IAsyncEnumerator<T>? enumerator = null;
        try
        {
            enumerator = items.GetAsyncEnumerator(cancellationToken);
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
                item.WriteValue(enumerator.Current, writer, bounds);
                int length = item.Length;
                if (!sender.AppendFrame(FrameType.Item, item))
                {
                    return false;
                }

                if (sender.Unsent > FlushedAt)
                {
                    sender.Flush();
                    if (!await TryWaitForRoomAsync(sender, Math.Max(MostUnsent, length), cancellationToken).ConfigureAwait(false))
                    {
                        return false;
                    }
                }
                else
                {
                    sender.FlushSoon();
                }
            }
        }
        catch (Exception exception)
        {
            throw new SourceException(exception);
        }
        finally
        {
            item.Release();
            await DisposeAsync(enumerator).ConfigureAwait(false);
        }
    }

    public static async ValueTask<bool> SendBytesAsync(FrameSender sender, Stream source, CancellationToken cancellationToken)
    {
        var chunk = new CallBuffer();
        while (true)
        {
            chunk.BeginFrame();
            int read;
            try
            {
                read = await source.ReadAsync(chunk.GetMemory(ChunkSize)[..ChunkSize], cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // The source may still write to the memory, which is left to the garbage collector.
                throw new SourceException(exception);
            }

            if (read == 0)
            {
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
                if (result.IsCanceled)
                {
                    // What has not been read may be more than nothing, so that this is no end.
                    throw new OperationCanceledException("The reading of the pipe was cancelled.");
                }

                ReadOnlySequence<byte> rest = result.Buffer;
                while (!rest.IsEmpty)
                {
                    ReadOnlySequence<byte> bytes = rest.Slice(0, Math.Min(ChunkSize, rest.Length));
                    chunk.BeginFrame();
                    bytes.CopyTo(chunk.GetSpan((int)bytes.Length));
                    chunk.Advance((int)bytes.Length);
                    if (!await SendChunkAsync(sender, chunk, cancellationToken).ConfigureAwait(false))
                    {
                        source.AdvanceTo(result.Buffer.End);
                        return false;
                    }

                    rest = rest.Slice(bytes.Length);
                }

                source.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return true;
                }
            }
        }
        catch (Exception exception)
        {
            throw new SourceException(exception);
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
        return await TryWaitForRoomAsync(sender, MostUnsent, cancellationToken).ConfigureAwait(false);
    }

    // A token that fires while the receiver is slow is no failure of the source: the call is over.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> TryWaitForRoomAsync(FrameSender sender, int bound, CancellationToken cancellationToken)
    {
        try
        {
            await sender.WaitForRoomAsync(bound, cancellationToken).ConfigureAwait(false);
            return !cancellationToken.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async ValueTask DisposeAsync(IAsyncDisposable? enumerator)
    {
        try
        {
            if (enumerator is not null)
            {
                await enumerator.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            throw new SourceException(exception);
        }
    }
}
