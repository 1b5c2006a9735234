using System.Runtime.CompilerServices;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Store.Disk;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <content>How verified parts come in, and how damaged ones go.</content>
public sealed partial class BlobStore
{
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

    // Under the lock.
    private void Arrive(BlobEntry entry)
    {
        _entries[entry.Hash] = entry;
        _arrival.SetResult();
        _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
