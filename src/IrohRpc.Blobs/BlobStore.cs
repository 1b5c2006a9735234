using System.Runtime.CompilerServices;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Store.Disk;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <summary>
/// Blobs by their hashes, in memory or in a folder. Everything in it was verified, and is verified again when it is served: a file that was
/// damaged meanwhile is found out, reported (<see cref="Damaged"/>) and not served.
/// </summary>
/// <remarks>
/// <para>What no tag and no pin keeps is removed by <see cref="CollectGarbageAsync"/>, and by nothing else.</para>
/// <para>All members are safe to call from several threads at once.</para>
/// </remarks>
public sealed partial class BlobStore : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<BlobHash, BlobEntry> _entries = [];
    private readonly Dictionary<string, BlobTag> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<BlobTag, int> _pins = [];
    private readonly IStoreBackend _backend;
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _disposed;

    private BlobStore(IStoreBackend backend)
    {
        _backend = backend;
        foreach (BlobEntry entry in backend.Entries)
        {
            _entries[entry.Hash] = entry;
        }

        foreach (KeyValuePair<string, BlobTag> tag in backend.Tags)
        {
            _tags[tag.Key] = tag.Value;
        }

        FoundAtOpening = backend.Damages;
    }

    /// <summary>Raised when stored bytes turn out not to belong to their hash, on the thread that read them. What is damaged is no longer there.</summary>
    public event Action<BlobDamage>? Damaged;

    /// <summary>What was found to be gone or changed when the store was opened.</summary>
    public IReadOnlyList<BlobDamage> FoundAtOpening { get; }

    /// <summary>A new store in memory.</summary>
    public static BlobStore InMemory() => new(new MemoryBackend());

    /// <summary>Opens the store in a folder, which is made where it does not exist.</summary>
    /// <param name="folder">The folder; one store at a time uses it.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Gives up before opening.</param>
    /// <exception cref="IOException">The folder is in use by another store, or cannot be read or written.</exception>
    public static async ValueTask<BlobStore> OpenAsync(
        string folder, BlobStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        options ??= new();
        return await Task.Run(
            () => new BlobStore(new DiskBackend(folder, options.FlushToDisk, options.JournalSlack)), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the store has of a blob.</summary>
    /// <param name="hash">The blob.</param>
    /// <returns>Null where it has nothing of it.</returns>
    public BlobInfo? Find(BlobHash hash) => FindEntry(hash) is { } entry ? InfoOf(entry) : null;

    /// <summary>Whether all of a blob is there.</summary>
    /// <param name="hash">The blob.</param>
    public bool IsComplete(BlobHash hash) => FindEntry(hash) is { IsComplete: true };

    /// <summary>Everything that the store has something of, as of now.</summary>
    public IReadOnlyList<BlobInfo> List()
    {
        lock (_lock)
        {
            return [.. _entries.Values.Select(InfoOf)];
        }
    }

    /// <summary>What the store has of a blob, each time that changes; the first item is how it stands now.</summary>
    /// <param name="hash">The blob; it need not be there.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    public async IAsyncEnumerable<BlobInfo?> WatchAsync(BlobHash hash, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        BlobInfo? last = null;
        if (Find(hash) is null)
        {
            yield return null;
        }

        while (true)
        {
            Task changed;
            BlobEntry? entry;
            lock (_lock)
            {
                entry = _entries.GetValueOrDefault(hash);
                changed = entry?.Changed ?? _arrival.Task;
            }

            BlobInfo? now = entry is null ? null : InfoOf(entry);
            if (!Equals(now, last))
            {
                yield return now;
                last = now;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a blob and compares every byte with the hash.</summary>
    /// <param name="hash">The blob.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether everything that the store claims to have of it is right; what is not is gone afterwards, and was reported.</returns>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.NotFound"/>.</exception>
    public async ValueTask<bool> VerifyAsync(BlobHash hash, CancellationToken cancellationToken = default)
    {
        using BlobLease lease = Lease(hash);
        using var output = new WireOutput(Stream.Null);
        try
        {
            await TreeEncoder.EncodeAsync(lease, hash, lease.Entry.Chunks, output, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is DamagedBlobException or EndOfStreamException or FileNotFoundException)
        {
            ReportDamage(lease.Entry, failure);
            return false;
        }
    }

    /// <summary>Lets go of the store's files. What is being read may fail.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        foreach (BlobEntry entry in _entries.Values)
        {
            entry.Close();
        }

        await _backend.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The entry of a blob for reading.</summary>
    internal BlobLease Lease(BlobHash hash) => TryLease(hash) ?? throw BlobException.NotFound(hash);

    internal BlobLease? TryLease(BlobHash hash) => BlobLease.TryTake(FindEntry(hash));

    private static BlobInfo InfoOf(BlobEntry entry)
        => new(entry.Hash, entry.Tree.Size, entry.IsSizeVerified, entry.IsComplete, entry.Chunks);

    private BlobEntry? FindEntry(BlobHash hash)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(hash);
        }
    }
}
