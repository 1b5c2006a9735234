using System.Buffers.Binary;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Protocol;

/// <summary>Takes one blob after the other from a stream into a store.</summary>
internal sealed class BlobReceiver(WireInput input, BlobStore store, long maxBlobSize)
{
    private readonly byte[] _size = new byte[sizeof(long)];

    /// <summary>Called with the number of bytes that were verified and stored.</summary>
    public Action<long>? OnStored { get; init; }

    /// <summary>Reads a blob's size and the ranges that were asked for.</summary>
    /// <returns>The size, which is proven where the last chunk was among the ranges.</returns>
    /// <exception cref="BlobException">
    /// The peer does not have it (<see cref="BlobErrorKind.NotFound"/>), sent something else, or said a size beyond the limit.
    /// </exception>
    /// <exception cref="EndOfStreamException">The peer ended in the middle.</exception>
    public async ValueTask<long> ReceiveAsync(BlobHash hash, ChunkRanges ranges, CancellationToken cancellationToken)
    {
        long size = await ReadSizeAsync(hash, cancellationToken).ConfigureAwait(false);
        if (ranges.Equals(ChunkRanges.LastChunk) || store.IsComplete(hash))
        {
            // Somebody else was faster and the bytes are in the way, or the answer is there to prove a size, whichever was claimed before.
            var target = new ProofTarget();
            await TreeDecoder.DecodeAsync(input, hash, size, ranges, target, cancellationToken).ConfigureAwait(false);
            if (!store.IsComplete(hash))
            {
                store.ProveSize(hash, size);
                if (target.Whole is { } whole)
                {
                    using BlobWriter all = store.BeginWrite(hash, size, isProven: true, OnStored);
                    var tree = new BlobTree(size);
                    await all.WriteBlockAsync(tree, tree.Root, whole, cancellationToken).ConfigureAwait(false);
                }
            }

            return size;
        }

        using BlobWriter writer = store.BeginWrite(hash, size, isProven: false, OnStored);
        await TreeDecoder.DecodeAsync(input, hash, size, ranges, writer, cancellationToken).ConfigureAwait(false);
        return size;
    }

    /// <summary>Reads a blob's size and its last chunk, and keeps nothing but what they prove.</summary>
    public async ValueTask<long> ReceiveSizeAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        long size = await ReadSizeAsync(hash, cancellationToken).ConfigureAwait(false);
        await TreeDecoder.DecodeAsync(input, hash, size, ChunkRanges.LastChunk, new ProofTarget(), cancellationToken).ConfigureAwait(false);
        return size;
    }

    private async ValueTask<long> ReadSizeAsync(BlobHash hash, CancellationToken cancellationToken)
    {
        if (!await input.TryReadExactAsync(_size, cancellationToken).ConfigureAwait(false))
        {
            throw new BlobException(BlobErrorKind.NotFound, $"The peer does not have blob {hash.ToShortString()}.");
        }

        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(_size);
        return size <= (ulong)Math.Min(maxBlobSize, BlobTree.MaxSize)
            ? (long)size
            : throw new BlobException(
                BlobErrorKind.LimitReached, $"The peer says that blob {hash.ToShortString()} has {size} bytes; at most {maxBlobSize} are taken.");
    }

    /// <summary>Keeps nothing but the data of a blob of one chunk, which is whole with what proves its size.</summary>
    private sealed class ProofTarget : IBlobTarget
    {
        public byte[]? Whole { get; private set; }

        public ValueTask WritePairsAsync(long outboardOffset, ReadOnlyMemory<byte> pairs, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteBlockAsync(BlobTree tree, TreeNode node, ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
        {
            Whole = node.FirstGroup == 0 && node.IsLeaf && wire.Length <= Hashing.Blake3.ChunkSize ? wire.ToArray() : null;
            return ValueTask.CompletedTask;
        }

        public ValueTask WriteChunksAsync(ulong firstChunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask SizeVerifiedAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
