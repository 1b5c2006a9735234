using System.Collections;
using System.Text;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs;

/// <summary>Blobs with names, as iroh's collections have them: a hash sequence whose first child holds the names of the others.</summary>
/// <remarks>A collection that a peer sent may have any names: <see cref="SafePath"/> says where one may be written.</remarks>
public sealed class BlobCollection : IReadOnlyList<BlobCollectionEntry>
{
    private const string Magic = "CollectionV0.";

    /// <summary>Puts a collection together.</summary>
    /// <param name="entries">The blobs, in their order.</param>
    public BlobCollection(IReadOnlyList<BlobCollectionEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Entries = entries;
    }

    /// <summary>The blobs, in their order.</summary>
    public IReadOnlyList<BlobCollectionEntry> Entries { get; }

    /// <inheritdoc/>
    public int Count => Entries.Count;

    /// <inheritdoc/>
    public BlobCollectionEntry this[int index] => Entries[index];

    /// <inheritdoc/>
    public IEnumerator<BlobCollectionEntry> GetEnumerator() => Entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The blob that holds the names.</summary>
    public byte[] EncodeNames()
    {
        var writer = new PostcardWriter();
        writer.WriteBytes(Encoding.ASCII.GetBytes(Magic));
        writer.WriteVarint((ulong)Entries.Count);
        foreach (BlobCollectionEntry entry in Entries)
        {
            writer.WriteLengthAndBytes(Encoding.UTF8.GetBytes(entry.Name));
        }

        return writer.Written.ToArray();
    }

    /// <summary>The hash sequence, names first.</summary>
    public HashSequence ToHashSequence() => new([BlobHash.Of(EncodeNames()), .. Entries.Select(static entry => entry.Hash)]);

    /// <summary>Puts the names and the hash sequence into a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The hash of the hash sequence, which stands for the collection.</returns>
    public async ValueTask<BlobHash> StoreAsync(BlobStore store, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        await store.ImportAsync(EncodeNames(), cancellationToken).ConfigureAwait(false);
        return await store.ImportAsync(ToHashSequence().Bytes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a collection from a store. Its blobs need not be there.</summary>
    /// <param name="store">The store.</param>
    /// <param name="hash">The hash of the hash sequence.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">It is not there, or is no collection.</exception>
    public static async ValueTask<BlobCollection> LoadAsync(BlobStore store, BlobHash hash, CancellationToken cancellationToken = default)
    {
        HashSequence hashes = await HashSequence.LoadAsync(store, hash, cancellationToken).ConfigureAwait(false);
        if (hashes.Count == 0)
        {
            throw NotACollection(hash, "its hash sequence is empty");
        }

        byte[] names = await store.ReadAsync(hashes[0], HashSequence.MaxSize, cancellationToken).ConfigureAwait(false);
        return Decode(hash, hashes, names);
    }

    private static BlobCollection Decode(BlobHash hash, HashSequence hashes, ReadOnlySpan<byte> names)
    {
        var reader = new PostcardReader(names);
        if (!reader.TryReadBytes("the header of a collection", (ulong)Magic.Length, out ReadOnlySpan<byte> magic)
            || !magic.SequenceEqual(Encoding.ASCII.GetBytes(Magic)))
        {
            throw NotACollection(hash, $"its first child does not begin with \"{Magic}\"");
        }

        if (!reader.TryReadVarint("the number of names", ulong.MaxValue, out ulong count) || count != (ulong)hashes.Count - 1)
        {
            throw NotACollection(hash, reader.Problem ?? $"it has {count} names for {hashes.Count - 1} blobs");
        }

        var entries = new List<BlobCollectionEntry>(hashes.Count - 1);
        for (int i = 1; i < hashes.Count; i++)
        {
            if (!reader.TryReadVarint("the length of a name", ulong.MaxValue, out ulong length)
                || !reader.TryReadBytes("a name", length, out ReadOnlySpan<byte> name))
            {
                throw NotACollection(hash, reader.Problem!);
            }

            if (!System.Text.Unicode.Utf8.IsValid(name))
            {
                throw NotACollection(hash, $"name {i} is not UTF-8");
            }

            entries.Add(new BlobCollectionEntry(Encoding.UTF8.GetString(name), hashes[i]));
        }

        return reader.Remaining == 0
            ? new BlobCollection(entries)
            : throw NotACollection(hash, $"{reader.Remaining} bytes follow the last name");
    }

    private static BlobException NotACollection(BlobHash hash, string problem)
        => new(BlobErrorKind.Malformed, $"Blob {hash.ToShortString()} is not a collection: {problem}.");
}
