using System.Buffers;
using IrohRpc.Blobs.Protocol;
using IrohRpc.Blobs.Trees;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs.Provider;

/// <summary>One request on one stream, from its first byte to its last.</summary>
internal sealed class ProviderRequest(BlobStore store, BlobProviderOptions options, PeerConnection connection, PeerStream stream, long id)
{
    public required Action<BlobProviderEvent> Raise { get; init; }

    public required Func<BlobAccess, ValueTask<bool>> Authorize { get; init; }

    public required Func<int, CancellationToken, ValueTask> BeforeWrite { get; init; }

    /// <summary>Reads the request and answers it.</summary>
    /// <returns>How many bytes of blobs were on the wire.</returns>
    public async ValueTask<long> RunAsync()
    {
        // Nothing cancels an answer but the end of its stream, which every read and write hears of.
        using var input = new WireInput(stream);
        BlobRequest request = await ReadAsync(input).ConfigureAwait(false);
        foreach (BlobHash hash in request.Hashes)
        {
            await RequireAsync(request.Kind, hash, null).ConfigureAwait(false);
        }

        Raise(new BlobProviderEvent.Started(connection.PeerId, id, request.Kind, request.Hashes is [var first, ..] ? first : BlobHash.Empty));
        switch (request.Kind)
        {
            case BlobRequestKind.Push:
                return await TakeAsync(request, input).ConfigureAwait(false);
            case BlobRequestKind.Observe:
                return await ObserveAsync(request).ConfigureAwait(false);
            default:
                using (var output = new WireOutput(stream) { BeforeWrite = BeforeWrite })
                {
                    await SendAsync(request, new BlobSender(store, output), output).ConfigureAwait(false);
                    await output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
                    stream.CompleteWrites();
                    return output.Written;
                }
        }
    }

    private async ValueTask<BlobRequest> ReadAsync(WireInput input)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, options.TimeProvider);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BlobProtocol.MaxRequestSize + 1);
        try
        {
            await input.ReadExactAsync(buffer.AsMemory(0, 1), timeout.Token).ConfigureAwait(false);
            var kind = (BlobRequestKind)buffer[0];
            if (!Enum.IsDefined(kind))
            {
                throw new BlobException(BlobErrorKind.Malformed, $"There is no request of kind {buffer[0]}.");
            }

            int size = kind == BlobRequestKind.Push
                ? await ReadPrefixedAsync(input, buffer, timeout.Token).ConfigureAwait(false)
                : await ReadToEndAsync(input, buffer, timeout.Token).ConfigureAwait(false);
            return BlobRequest.TryDecode(kind, buffer.AsSpan(0, size), out BlobRequest? request, out string? problem)
                ? request
                : throw new BlobException(BlobErrorKind.Malformed, $"A request is malformed: {problem}.");
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new TimeoutException($"A request did not arrive within {options.RequestTimeout.TotalSeconds} seconds.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadToEndAsync(WireInput input, byte[] buffer, CancellationToken cancellationToken)
    {
        int size = await input.ReadToEndAsync(buffer.AsMemory(0, BlobProtocol.MaxRequestSize + 1), cancellationToken).ConfigureAwait(false);
        return size <= BlobProtocol.MaxRequestSize ? size : throw TooLarge();
    }

    private static async ValueTask<int> ReadPrefixedAsync(WireInput input, byte[] buffer, CancellationToken cancellationToken)
    {
        ulong size = await input.ReadVarintAsync(cancellationToken).ConfigureAwait(false);
        if (size > BlobProtocol.MaxRequestSize)
        {
            throw TooLarge();
        }

        await input.ReadExactAsync(buffer.AsMemory(0, (int)size), cancellationToken).ConfigureAwait(false);
        return (int)size;
    }

    private static BlobException TooLarge() => new(BlobErrorKind.LimitReached, $"A request has more than {BlobProtocol.MaxRequestSize} bytes.");

    private async ValueTask RequireAsync(BlobRequestKind kind, BlobHash hash, BlobHash? parent)
    {
        if (!await Authorize(new BlobAccess(connection.PeerId, kind, hash, parent)).ConfigureAwait(false))
        {
            throw new BlobException(BlobErrorKind.Forbidden, $"Peer {connection.PeerId.ToShortString()} may not {kind} blob {hash.ToShortString()}.");
        }
    }

    // What is missing ends the answer, as iroh has it: the peer reads as far as it goes.
    private async ValueTask SendAsync(BlobRequest request, BlobSender sender, WireOutput output)
    {
        HashSequence? children = null;
        foreach ((ulong index, ChunkRanges ranges) in request.Ranges.Selected())
        {
            BlobHash hash;
            if (request.Kind == BlobRequestKind.GetMany)
            {
                if (index >= (ulong)request.Hashes.Count)
                {
                    return;
                }

                hash = request.Hashes[(int)index];
            }
            else if (index == 0)
            {
                hash = request.Hash;
            }
            else
            {
                if (children is null && !store.IsComplete(request.Hash))
                {
                    return;
                }

                children ??= await HashSequence.LoadAsync(store, request.Hash, CancellationToken.None).ConfigureAwait(false);
                if (index > (ulong)children.Count)
                {
                    return;
                }

                hash = children[(int)index - 1];
                if (options.Authorize is not null)
                {
                    await RequireAsync(request.Kind, hash, request.Hash).ConfigureAwait(false);
                }
            }

            try
            {
                if (!await sender.TrySendAsync(hash, ranges, CancellationToken.None).ConfigureAwait(false))
                {
                    return;
                }
            }
            catch (BlobException failure) when (failure.Kind == BlobErrorKind.Incomplete)
            {
                return;
            }

            Raise(new BlobProviderEvent.Transferred(connection.PeerId, id, hash, output.Written));
        }
    }

    private async ValueTask<long> TakeAsync(BlobRequest request, WireInput input)
    {
        var receiver = new BlobReceiver(input, store, options.MaxPushedBlobSize);
        using IDisposable pin = store.Pin(request.Hash, BlobFormat.HashSequence);
        HashSequence? children = null;
        foreach ((ulong index, ChunkRanges ranges) in request.Ranges.Selected())
        {
            BlobHash hash = request.Hash;
            if (index > 0)
            {
                children ??= await HashSequence.LoadAsync(store, request.Hash, CancellationToken.None).ConfigureAwait(false);
                if (index > (ulong)children.Count)
                {
                    break;
                }

                hash = children[(int)index - 1];
                await RequireAsync(request.Kind, hash, request.Hash).ConfigureAwait(false);
            }

            await receiver.ReceiveAsync(hash, ranges, CancellationToken.None).ConfigureAwait(false);
            Raise(new BlobProviderEvent.Transferred(connection.PeerId, id, hash, input.Consumed));
        }

        stream.CompleteWrites();
        return input.Consumed;
    }

    private async ValueTask<long> ObserveAsync(BlobRequest request)
    {
        using var stopped = new CancellationTokenSource();
        _ = stream.WritesClosed.ContinueWith(
            static (_, state) => ((CancellationTokenSource)state!).Cancel(), stopped, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        long written = 0;
        ChunkRanges before = ChunkRanges.None;
        bool isFirst = true;
        try
        {
            await foreach (BlobInfo? info in store.WatchAsync(request.Hash, stopped.Token).ConfigureAwait(false))
            {
                ChunkRanges now = info is null ? ChunkRanges.None : info.IsComplete ? ChunkRanges.All : info.Present;
                now = now.Intersect(request.Observed);
                ChunkRanges change = now.Except(before).Union(before.Except(now));
                if (!isFirst && change.IsEmpty)
                {
                    continue;
                }

                byte[] item = Encode(info?.Size ?? 0, change);
                await stream.WriteAsync(item, CancellationToken.None).ConfigureAwait(false);
                written += item.Length;
                before = now;
                isFirst = false;
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or PeerException && stopped.IsCancellationRequested)
        {
            // The peer has seen enough.
        }

        return written;
    }

    private static byte[] Encode(long size, ChunkRanges change)
    {
        var item = new PostcardWriter();
        item.WriteVarint((ulong)size);
        change.WriteBoundaries(item);
        var framed = new PostcardWriter();
        framed.WriteLengthAndBytes(item.Written);
        return framed.Written.ToArray();
    }
}
