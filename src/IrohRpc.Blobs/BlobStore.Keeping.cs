using System.Runtime.CompilerServices;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Store.Disk;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <content>What keeps blobs, and how those go that nothing keeps.</content>
public sealed partial class BlobStore
{
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
