using System.Runtime.CompilerServices;
using IrohRpc.Blobs.Getter;
using IrohRpc.Blobs.Protocol;
using IrohRpc.Blobs.Trees;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs;

/// <summary>
/// The requests of the blobs protocol to one provider, over a connection of <see cref="BlobProtocol.Alpn"/>. <see cref="BlobDownloader"/> does
/// more with less: several providers, resuming, progress.
/// </summary>
/// <remarks>All members are safe to call from several threads at once; each request has a stream of its own. The connection stays the caller's.</remarks>
/// <param name="connection">The connection.</param>
public sealed class BlobConnection(PeerConnection connection)
{
    /// <summary>The largest blob that is taken, in bytes. Default 2^60.</summary>
    public long MaxBlobSize { get; set => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value)); } = BlobTree.MaxSize;

    /// <summary>The provider.</summary>
    public EndpointId Provider => connection.PeerId;

    /// <summary>Asks for the size of a blob, which the answer proves.</summary>
    /// <param name="hash">The blob.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The size in bytes.</returns>
    /// <exception cref="BlobException">The provider does not have it, does not permit it, or sent something else.</exception>
    /// <exception cref="PeerException">The connection ended.</exception>
    public async ValueTask<long> GetSizeAsync(BlobHash hash, CancellationToken cancellationToken = default)
    {
        var request = new BlobRequest(BlobRequestKind.Get, [hash], ChunkRangesSequence.Of(ChunkRanges.LastChunk));
        long size = 0;
        await RequestAsync(
            request,
            async input => size = await new BlobReceiver(input, BlobStore.InMemory(), MaxBlobSize).ReceiveSizeAsync(hash, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return size;
    }

    /// <summary>Gets ranges of one blob into a store; what is there already is not asked for.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hash">The blob.</param>
    /// <param name="ranges">The ranges, widened to groups of 16 chunks; null for the whole blob.</param>
    /// <param name="progress">Hears how many bytes were verified and stored, each time some were.</param>
    /// <param name="cancellationToken">Gives up; what was verified stays.</param>
    /// <exception cref="BlobException">
    /// The provider does not have it, does not permit it, sent something else, or ended in the middle; what was verified before stays.
    /// </exception>
    /// <exception cref="PeerException">The connection ended; what was verified before stays.</exception>
    public async ValueTask GetAsync(
        BlobStore store, BlobHash hash, ChunkRanges? ranges = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ranges ??= ChunkRanges.All;
        if (store.Find(hash) is { IsSizeVerified: false } unproven && !unproven.Present.IsEmpty)
        {
            // Parts came under a size that somebody claimed: nothing is built on it before it is proven.
            long size = await GetSizeAsync(hash, cancellationToken).ConfigureAwait(false);
            store.ProveSize(hash, size);
        }

        ChunkRanges missing = MissingRanges.Of(store.Find(hash), ranges);
        if (missing.IsEmpty)
        {
            return;
        }

        await GetChildrenAsync(
            store, hash, [(0, hash, missing)], progress is null ? null : progress.Report, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets a hash sequence and all of its children into a store; what is there already is not asked for.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hash">The hash sequence.</param>
    /// <param name="progress">Hears how many bytes were verified and stored, each time some were.</param>
    /// <param name="cancellationToken">Gives up; what was verified stays.</param>
    /// <exception cref="BlobException">As for <see cref="GetAsync"/>.</exception>
    /// <exception cref="PeerException">The connection ended; what was verified before stays.</exception>
    public async ValueTask GetSequenceAsync(
        BlobStore store, BlobHash hash, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await GetAsync(store, hash, null, progress, cancellationToken).ConfigureAwait(false);
        HashSequence children = await HashSequence.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false);
        var missing = new List<(ulong, BlobHash, ChunkRanges)>();
        for (int i = 0; i < children.Count; i++)
        {
            ChunkRanges ranges = MissingRanges.Of(store.Find(children[i]), ChunkRanges.All);
            if (!ranges.IsEmpty)
            {
                missing.Add(((ulong)i + 1, children[i], ranges));
            }
        }

        if (missing.Count > 0)
        {
            await GetChildrenAsync(store, hash, missing, progress is null ? null : progress.Report, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gets several blobs with one request. Providers of iroh 0.35 do not know it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hashes">The blobs, at most 16,384.</param>
    /// <param name="cancellationToken">Gives up; what was verified stays.</param>
    /// <exception cref="BlobException">As for <see cref="GetAsync"/>.</exception>
    /// <exception cref="PeerException">The connection ended; what was verified before stays.</exception>
    public async ValueTask GetManyAsync(BlobStore store, IReadOnlyList<BlobHash> hashes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(hashes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hashes.Count, 16 * 1024, nameof(hashes));
        var missing = hashes.Distinct()
            .Select(hash => (Hash: hash, Ranges: MissingRanges.Of(store.Find(hash), ChunkRanges.All)))
            .Where(static entry => !entry.Ranges.IsEmpty)
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }

        var request = new BlobRequest(
            BlobRequestKind.GetMany, [.. missing.Select(static entry => entry.Hash)], ChunkRangesSequence.Of(missing.Select(static entry => entry.Ranges)));
        await RequestAsync(
            request,
            async input =>
            {
                var receiver = new BlobReceiver(input, store, MaxBlobSize);
                foreach ((BlobHash hash, ChunkRanges ranges) in missing)
                {
                    await receiver.ReceiveAsync(hash, ranges, cancellationToken).ConfigureAwait(false);
                }
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the provider has of a blob, now and each time that changes. Providers of iroh 0.35 do not know it.</summary>
    /// <param name="hash">The blob.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="BlobException">The provider does not permit it, or sent something that is no answer.</exception>
    /// <exception cref="PeerException">The connection ended.</exception>
    public async IAsyncEnumerable<BlobAvailability> ObserveAsync(
        BlobHash hash, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            byte[] request = new BlobRequest(BlobRequestKind.Observe, [hash], ChunkRangesSequence.OneBlob).Encode();
            await stream.WriteAsync(request, completeWrites: true, cancellationToken).ConfigureAwait(false);
            using var input = new WireInput(stream);
            ChunkRanges chunks = ChunkRanges.None;
            while (true)
            {
                (long size, ChunkRanges change) = await ReadObservedAsync(input, cancellationToken).ConfigureAwait(false);
                chunks = chunks.Except(change).Union(change.Except(chunks));
                yield return new BlobAvailability(size, chunks);
            }
        }
    }

    /// <summary>Gives the provider a blob of a store. Most do not take any, and those of iroh 0.35 do not know the request.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hash">The blob, which has to be complete, with its children where it is a hash sequence.</param>
    /// <param name="format">Whether children go with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">The provider does not permit it, or the store does not have all of it.</exception>
    /// <exception cref="PeerException">The connection ended.</exception>
    public async ValueTask PushAsync(
        BlobStore store, BlobHash hash, BlobFormat format = BlobFormat.Raw, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        BlobHash[] hashes = format == BlobFormat.HashSequence
            ? [hash, .. await HashSequence.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false)]
            : [hash];
        var request = new BlobRequest(
            BlobRequestKind.Push, [hash], format == BlobFormat.HashSequence ? ChunkRangesSequence.All : ChunkRangesSequence.OneBlob);
        PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                using var output = new WireOutput(stream);
                foreach (byte[] part in request.Encode().Chunk(Block.MaxDataSize))
                {
                    await output.WriteAsync(part, cancellationToken).ConfigureAwait(false);
                }

                var sender = new BlobSender(store, output);
                foreach (BlobHash next in hashes)
                {
                    if (!await sender.TrySendAsync(next, ChunkRanges.All, cancellationToken).ConfigureAwait(false))
                    {
                        throw BlobException.NotFound(next);
                    }
                }

                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                stream.CompleteWrites();

                // The provider ends its side when it has everything.
                await stream.ReadAsync(new byte[1], cancellationToken).ConfigureAwait(false);
            }
            catch (PeerException failure) when (Translate(failure) is { } translated)
            {
                throw translated;
            }
        }
    }

    /// <summary>Gets ranges of a blob and its children with one request.</summary>
    internal ValueTask GetChildrenAsync(
        BlobStore store, BlobHash root, IReadOnlyList<(ulong Index, BlobHash Hash, ChunkRanges Ranges)> parts, Action<long>? onStored,
        CancellationToken cancellationToken, Action<int>? onRead = null)
    {
        var request = new BlobRequest(
            BlobRequestKind.Get, [root], ChunkRangesSequence.OfSome(parts.Select(static part => (part.Index, part.Ranges))));
        return RequestAsync(
            request,
            async input =>
            {
                var receiver = new BlobReceiver(input, store, MaxBlobSize) { OnStored = onStored };
                foreach ((_, BlobHash hash, ChunkRanges ranges) in parts)
                {
                    await receiver.ReceiveAsync(hash, ranges, cancellationToken).ConfigureAwait(false);
                }
            },
            cancellationToken,
            onRead);
    }

    private async ValueTask RequestAsync(
        BlobRequest request, Func<WireInput, Task> read, CancellationToken cancellationToken, Action<int>? onRead = null)
    {
        PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                await stream.WriteAsync(request.Encode(), completeWrites: true, cancellationToken).ConfigureAwait(false);
                using var input = new WireInput(stream) { OnRead = onRead };
                await read(input).ConfigureAwait(false);
            }
            catch (EndOfStreamException failure)
            {
                throw new BlobException(
                    BlobErrorKind.Incomplete, $"The answer of peer {Provider.ToShortString()} ended before everything asked for had come.", failure);
            }
            catch (PeerException failure) when (Translate(failure) is { } translated)
            {
                throw translated;
            }
        }
    }

    private async ValueTask<(long Size, ChunkRanges Change)> ReadObservedAsync(WireInput input, CancellationToken cancellationToken)
    {
        try
        {
            ulong length = await input.ReadVarintAsync(cancellationToken).ConfigureAwait(false);
            if (length > BlobProtocol.MaxRequestSize)
            {
                throw new BlobException(BlobErrorKind.Malformed, $"An answer to Observe has {length} bytes.");
            }

            var item = new byte[length];
            await input.ReadExactAsync(item, cancellationToken).ConfigureAwait(false);
            return Decode(item);
        }
        catch (EndOfStreamException failure)
        {
            throw new BlobException(BlobErrorKind.Incomplete, $"Peer {Provider.ToShortString()} ended what was to be observed.", failure);
        }
        catch (PeerException failure) when (Translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    private static (long Size, ChunkRanges Change) Decode(ReadOnlySpan<byte> item)
    {
        var reader = new PostcardReader(item);
        return reader.TryReadVarint("a size", BlobTree.MaxSize, out ulong size)
            && ChunkRanges.TryReadBoundaries(ref reader, out ChunkRanges change)
                ? ((long)size, change)
                : throw new BlobException(BlobErrorKind.Malformed, $"An answer to Observe is malformed: {reader.Problem}.");
    }

    private BlobException? Translate(PeerException failure)
    {
        if (failure.Kind != PeerErrorKind.StreamAborted)
        {
            return null;
        }

        string who = $"Peer {Provider.ToShortString()}";
        return failure.ErrorCode switch
        {
            BlobProtocol.ForbiddenCode => new(BlobErrorKind.Forbidden, $"{who} does not permit the request.", failure),
            BlobProtocol.LimitCode => new(BlobErrorKind.LimitReached, $"{who} says that a limit is reached.", failure),
            _ => new(BlobErrorKind.ProviderFailed, $"{who} failed to answer (code {failure.ErrorCode}).", failure),
        };
    }
}
