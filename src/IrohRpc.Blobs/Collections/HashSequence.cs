using System.Collections;

namespace IrohRpc.Blobs;

/// <summary>The hashes of blobs, one behind the other: a blob itself, which a request takes along with its children.</summary>
public sealed class HashSequence : IReadOnlyList<BlobHash>
{
    /// <summary>The largest hash sequence that is read into memory, in bytes.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>Takes the bytes of a blob for hashes.</summary>
    /// <param name="bytes">The bytes; not copied.</param>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.Malformed"/>: they are not a whole number of hashes.</exception>
    public HashSequence(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length % BlobHash.Size != 0)
        {
            throw new BlobException(
                BlobErrorKind.Malformed, $"A hash sequence has {BlobHash.Size} bytes for each hash; this blob has {bytes.Length} bytes.");
        }

        _bytes = bytes;
    }

    /// <summary>Puts hashes together.</summary>
    /// <param name="hashes">The hashes.</param>
    public HashSequence(IReadOnlyCollection<BlobHash> hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        var bytes = new byte[hashes.Count * BlobHash.Size];
        int at = 0;
        foreach (BlobHash hash in hashes)
        {
            hash.CopyTo(bytes.AsSpan(at));
            at += BlobHash.Size;
        }

        _bytes = bytes;
    }

    /// <summary>The bytes of the blob.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <inheritdoc/>
    public int Count => _bytes.Length / BlobHash.Size;

    /// <inheritdoc/>
    public BlobHash this[int index] => new(_bytes.Span.Slice(index * BlobHash.Size, BlobHash.Size));

    /// <summary>Reads a hash sequence from a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hash">The blob, which has to be complete.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">The blob is not there, is damaged, is too large or is no hash sequence.</exception>
    public static async ValueTask<HashSequence> LoadAsync(BlobStore store, BlobHash hash, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new HashSequence(await store.ReadAsync(hash, MaxSize, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public IEnumerator<BlobHash> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
