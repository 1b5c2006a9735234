using System.Buffers.Binary;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Protocol;

/// <summary>Writes one blob after the other from a store to a stream, and reports damage where it finds it.</summary>
internal sealed class BlobSender(BlobStore store, WireOutput output)
{
    private readonly byte[] _size = new byte[sizeof(long)];

    /// <summary>Writes a blob's size and ranges of it.</summary>
    /// <returns>False where the store has none of it, or does not know its size; nothing was written then.</returns>
    /// <exception cref="BlobException">It is damaged, or not all that was asked for is there.</exception>
    public async ValueTask<bool> TrySendAsync(BlobHash hash, ChunkRanges ranges, CancellationToken cancellationToken)
    {
        using BlobLease? lease = store.TryLease(hash);
        if (lease is null || !lease.Entry.IsSizeVerified)
        {
            return false;
        }

        BinaryPrimitives.WriteInt64LittleEndian(_size, lease.Size);
        try
        {
            await output.WriteAsync(_size, cancellationToken).ConfigureAwait(false);
            await TreeEncoder.EncodeAsync(lease, hash, ranges, output, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is DamagedBlobException or EndOfStreamException or FileNotFoundException)
        {
            store.ReportDamage(lease.Entry, failure);
            throw new BlobException(BlobErrorKind.Damaged, failure.Message, failure);
        }
    }
}
