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
        bool flush = options?.FlushToDisk ?? false;
        return await Task.Run(() => new BlobStore(new DiskBackend(folder, flush)), cancellationToken).ConfigureAwait(false);
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

    /// <summary>Keeps a blob from being collected for as long as the result is not disposed of.</summary>
    /// <param name="hash">The blob; it need not be there yet.</param>
    /// <param name="format">Whether its children are kept with it.</param>
    public IDisposable Pin(BlobHash hash, BlobFormat format = BlobFormat.Raw)
    {
        var tag = new BlobTag(hash, format);
        lock (_lock)
        {
            _pins[tag] = _pins.GetValueOrDefault(tag) + 1;
        }

        return new PinRelease(this, tag);
    }

    /// <summary>The tags, as of now.</summary>
    public IReadOnlyDictionary<string, BlobTag> Tags
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, BlobTag>(_tags, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Gives a blob a name, which keeps it. A tag of that name is replaced.</summary>
    /// <param name="name">The name, 1 to 1,024 characters.</param>
    /// <param name="hash">The blob; it need not be there yet.</param>
    /// <param name="format">Whether its children are kept with it.</param>
    public void SetTag(string name, BlobHash hash, BlobFormat format = BlobFormat.Raw)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, 1024, nameof(name));
        var tag = new BlobTag(hash, format);
        lock (_lock)
        {
            _tags[name] = tag;
            _backend.SaveTag(name, tag);
        }
    }

    /// <summary>Takes a name away.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether there was one.</returns>
    public bool RemoveTag(string name)
    {
        lock (_lock)
        {
            if (!_tags.Remove(name))
            {
                return false;
            }

            _backend.SaveTag(name, null);
            return true;
        }
    }

    /// <summary>Removes a blob, tagged or not. Who reads it reads on.</summary>
    /// <param name="hash">The blob.</param>
    /// <returns>Whether anything of it was there.</returns>
    public bool Remove(BlobHash hash)
    {
        lock (_lock)
        {
            if (!_entries.Remove(hash, out BlobEntry? entry))
            {
                return false;
            }

            _backend.Forget(entry);
            return true;
        }
    }

    /// <summary>Removes what neither a tag nor a pin keeps.</summary>
    /// <param name="cancellationToken">Gives up before anything is removed.</param>
    /// <returns>What was removed.</returns>
    public async ValueTask<IReadOnlyList<BlobHash>> CollectGarbageAsync(CancellationToken cancellationToken = default)
    {
        var kept = new HashSet<BlobHash>();
        HashSet<BlobHash> before;
        BlobTag[] roots = Roots();
        lock (_lock)
        {
            before = [.. _entries.Keys];
        }

        await MarkAsync(roots, kept, cancellationToken).ConfigureAwait(false);

        // What was tagged or pinned meanwhile is kept too, and what came meanwhile is left for the next time.
        await MarkAsync(Roots().Except(roots), kept, cancellationToken).ConfigureAwait(false);
        var removed = new List<BlobHash>();
        lock (_lock)
        {
            foreach (BlobTag pin in _pins.Keys)
            {
                kept.Add(pin.Hash);
            }

            foreach (BlobHash hash in before.Where(hash => !kept.Contains(hash)))
            {
                if (_entries.Remove(hash, out BlobEntry? entry))
                {
                    _backend.Forget(entry);
                    removed.Add(hash);
                }
            }
        }

        return removed;
    }

    /// <summary>Collects garbage again and again, until cancelled.</summary>
    /// <param name="interval">How long to wait between.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CollectGarbageEveryAsync(TimeSpan interval, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        using var timer = new PeriodicTimer(interval, timeProvider ?? TimeProvider.System);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            await CollectGarbageAsync(cancellationToken).ConfigureAwait(false);
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

    /// <summary>The entry of a blob for putting verified parts into it.</summary>
    /// <param name="hash">The blob.</param>
    /// <param name="size">Its size, proven or not.</param>
    /// <param name="isProven">Whether the hash proves the size; parts under another size, which somebody only claimed, are then dropped.</param>
    /// <param name="onStored">Called with the number of bytes that were stored.</param>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.Mismatch"/>: the blob is here already with another size.</exception>
    internal BlobWriter BeginWrite(BlobHash hash, long size, bool isProven, Action<long>? onStored = null)
        => new(this, BeginWriteLease(hash, size, isProven)) { OnStored = onStored };

    private BlobLease BeginWriteLease(BlobHash hash, long size, bool isProven)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_entries.TryGetValue(hash, out BlobEntry? entry) && entry.Tree.Size != size)
            {
                // A size that nothing stands on yet gives way to any other; one that parts stand on, to the proven one only.
                if (entry.IsSizeVerified || !(isProven || entry.Groups.IsEmpty))
                {
                    throw BlobException.Mismatch(hash, $"its size is said to be {size} bytes, and was {entry.Tree.Size} before");
                }

                _backend.Forget(entry);
                entry = null;
            }

            if (entry is null)
            {
                entry = _backend.CreatePartial(hash, size);
                Arrive(entry);
            }

            return BlobLease.TryTake(entry) ?? throw BlobException.NotFound(hash);
        }
    }

    /// <summary>Takes note of a size that the hash proves. Parts that came under another one are dropped.</summary>
    internal void ProveSize(BlobHash hash, long size)
    {
        using BlobLease lease = BeginWriteLease(hash, size, isProven: true);
        SizeVerified(lease.Entry);
    }

    internal void GroupsWritten(BlobEntry entry, ulong from, ulong to)
    {
        bool wasComplete = entry.IsComplete;
        entry.Update(groups =>
        {
            ChunkRanges now = groups.Union(ChunkRanges.Of(from, to));
            if (!now.Equals(groups))
            {
                _backend.SaveGroups(entry, now, from, to);
            }

            return now;
        });
        if (!wasComplete && entry.IsComplete)
        {
            lock (_lock)
            {
                if (_entries.TryGetValue(entry.Hash, out BlobEntry? current) && current == entry)
                {
                    _entries[entry.Hash] = _backend.SaveComplete(entry);
                }
            }
        }
    }

    internal void SizeVerified(BlobEntry entry)
    {
        if (!entry.IsSizeVerified)
        {
            entry.VerifySize();
            _backend.SaveSizeVerified(entry);
        }
    }

    /// <summary>Takes what is damaged out of the store and tells.</summary>
    internal void ReportDamage(BlobEntry entry, Exception failure)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(entry.Hash, out BlobEntry? current) || current != entry)
            {
                return;
            }

            if (entry.Place == BlobPlace.Owned && failure is DamagedBlobException damaged)
            {
                TreeNode node = damaged.Problem.Node;
                entry.Update(groups =>
                {
                    ChunkRanges left = groups.Except(ChunkRanges.Of((ulong)node.FirstGroup, (ulong)node.EndGroup));
                    _backend.SaveDamage(entry, left);
                    return left;
                });
            }
            else
            {
                _entries.Remove(entry.Hash);
                _backend.Forget(entry);
            }
        }

        Damaged?.Invoke(new BlobDamage(entry.Hash, failure.Message, (entry.Data as FileBytes)?.Path));
    }

    private static BlobInfo InfoOf(BlobEntry entry)
        => new(entry.Hash, entry.Tree.Size, entry.IsSizeVerified, entry.IsComplete, entry.Chunks);

    private BlobEntry? FindEntry(BlobHash hash)
    {
        lock (_lock)
        {
            return _entries.GetValueOrDefault(hash);
        }
    }

    // Under the lock.
    private void Arrive(BlobEntry entry)
    {
        _entries[entry.Hash] = entry;
        _arrival.SetResult();
        _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private BlobTag[] Roots()
    {
        lock (_lock)
        {
            return [.. _tags.Values, .. _pins.Keys];
        }
    }

    private async ValueTask MarkAsync(IEnumerable<BlobTag> roots, HashSet<BlobHash> kept, CancellationToken cancellationToken)
    {
        foreach (BlobTag root in roots)
        {
            kept.Add(root.Hash);
            if (root.Format == BlobFormat.HashSequence && IsComplete(root.Hash))
            {
                foreach (BlobHash child in await HashSequence.LoadAsync(this, root.Hash, cancellationToken).ConfigureAwait(false))
                {
                    kept.Add(child);
                }
            }
        }
    }

    private void Unpin(BlobTag tag)
    {
        lock (_lock)
        {
            int left = _pins.GetValueOrDefault(tag) - 1;
            if (left > 0)
            {
                _pins[tag] = left;
            }
            else
            {
                _pins.Remove(tag);
            }
        }
    }

    private sealed class PinRelease(BlobStore store, BlobTag tag) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                store.Unpin(tag);
            }
        }
    }
}
