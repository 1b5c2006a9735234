using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Store;

/// <summary>What a store has of one blob: its bytes, whole or in part, and which of them are verified.</summary>
internal sealed class BlobEntry(BlobHash hash, long size, BlobPlace place, IRandomBytes data, IRandomBytes outboard)
{
    private readonly Lock _lock = new();
    private int _leases;
    private bool _removed;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BlobHash Hash => hash;

    public BlobTree Tree { get; } = new(size);

    public BlobPlace Place => place;

    public IRandomBytes Data => data;

    public IRandomBytes Outboard => outboard;

    /// <summary>Where it is written down which groups are verified, while not all are; null where nothing is.</summary>
    public FileBytes? Bits { get; init; }

    /// <summary>Which groups are verified, as ranges of group numbers. Only grows, but for damage.</summary>
    public ChunkRanges Groups { get; private set; } = ChunkRanges.None;

    /// <summary>Whether the size is proven: the last chunk was verified.</summary>
    public bool IsSizeVerified { get; private set; }

    public bool IsComplete => Groups.ContainsAll(0, (ulong)Tree.Groups);

    /// <summary>Completes when more, or less, is there than now.</summary>
    public Task Changed
    {
        get
        {
            lock (_lock)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>The chunks of the groups that are there.</summary>
    public ChunkRanges Chunks
    {
        get
        {
            ChunkRanges chunks = ChunkRanges.None;
            foreach ((ulong start, ulong end) in Groups.Ranges())
            {
                chunks = chunks.Union(
                    ChunkRanges.Of(start * BlobTree.ChunksPerGroup, Math.Min((ulong)Tree.Chunks, end * BlobTree.ChunksPerGroup)));
            }

            return chunks;
        }
    }

    /// <summary>Changes what is there.</summary>
    /// <param name="change">From what was there to what is; it runs under the entry's lock and may write it down.</param>
    public void Update(Func<ChunkRanges, ChunkRanges> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            if (_removed)
            {
                // Another entry may use the same files by now.
                return;
            }

            ChunkRanges now = change(Groups);
            if (now.Equals(Groups))
            {
                return;
            }

            Groups = now;
            IsSizeVerified |= now.Contains((ulong)Tree.Groups - 1);
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    public void VerifySize() => IsSizeVerified = true;

    public bool TryAcquire()
    {
        lock (_lock)
        {
            if (_removed)
            {
                return false;
            }

            _leases++;
            return true;
        }
    }

    public void Release()
    {
        bool last;
        lock (_lock)
        {
            last = --_leases == 0;
        }

        if (last)
        {
            Close();
        }
    }

    /// <summary>Lets nobody in any more; who reads it reads on.</summary>
    public void Remove()
    {
        bool unused;
        TaskCompletionSource changed;
        lock (_lock)
        {
            unused = _leases == 0;
            _removed = true;
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
        if (unused)
        {
            Close();
        }
    }

    /// <summary>Lets go of the files until the next use.</summary>
    public void Close()
    {
        data.Close();
        outboard.Close();
        Bits?.Close();
    }
}
