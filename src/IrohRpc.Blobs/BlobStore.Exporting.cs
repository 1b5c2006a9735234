using System.Buffers;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Blobs;

/// <content>How blobs leave a store for this machine.</content>
public sealed partial class BlobStore
{
    /// <summary>The bytes of a blob, verified.</summary>
    /// <param name="hash">The blob, which has to be complete.</param>
    /// <param name="maxSize">The most bytes to read into memory. Default 64 MiB.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">
    /// The blob is not there, not all of it is, it is larger than <paramref name="maxSize"/>, or it is damaged.
    /// </exception>
    public async ValueTask<byte[]> ReadAsync(BlobHash hash, int maxSize = 64 * 1024 * 1024, CancellationToken cancellationToken = default)
    {
        using BlobLease lease = Lease(hash);
        if (lease.Size > maxSize)
        {
            throw new BlobException(BlobErrorKind.LimitReached, $"Blob {hash.ToShortString()} has {lease.Size} bytes; at most {maxSize} were allowed.");
        }

        using var result = new MemoryStream((int)lease.Size);
        await CopyVerifiedAsync(lease, result, cancellationToken).ConfigureAwait(false);
        return result.GetBuffer().AsSpan(0, (int)result.Length).ToArray();
    }

    /// <summary>Copies a blob to a stream, in constant memory; each byte was verified before it is written.</summary>
    /// <param name="hash">The blob, which has to be complete.</param>
    /// <param name="destination">The stream.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException">The blob is not there, not all of it is, or it is damaged.</exception>
    public async ValueTask CopyToAsync(BlobHash hash, Stream destination, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using BlobLease lease = Lease(hash);
        await CopyVerifiedAsync(lease, destination, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a file of a blob. Nothing is seen under the path before it is whole.</summary>
    /// <param name="hash">The blob, which has to be complete.</param>
    /// <param name="path">The file; its folder is made where it does not exist.</param>
    /// <param name="mode">Whether it is a copy.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced. Default false.</param>
    /// <param name="cancellationToken">Gives up; nothing stays behind.</param>
    /// <exception cref="BlobException">The blob is not there, not all of it is, or it is damaged.</exception>
    /// <exception cref="IOException">The file is there already, or cannot be written.</exception>
    public async ValueTask ExportAsync(
        BlobHash hash, string path, BlobExportMode mode = BlobExportMode.Copy, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = Path.GetFullPath(path);
        if (!overwrite && Path.Exists(path))
        {
            throw new IOException($"{path} is there already.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using BlobLease lease = Lease(hash);
        RequireComplete(lease);
        BlobEntry entry = lease.Entry;
        if (mode != BlobExportMode.Copy && entry.Place == BlobPlace.Owned && entry.Data is FileBytes file)
        {
            // A link and a moved file are not read on the way, so that they are verified by themselves.
            await CopyVerifiedAsync(lease, Stream.Null, cancellationToken).ConfigureAwait(false);
            if (mode == BlobExportMode.Reference && TryMoveOut(entry, path))
            {
                return;
            }

            string link = TemporaryName(path);
            if (HardLink.TryCreate(file.Path, link))
            {
                Place(link, path, overwrite);
                return;
            }
        }

        string temporary = TemporaryName(path);
        try
        {
            var copy = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (copy.ConfigureAwait(false))
            {
                await CopyVerifiedAsync(lease, copy, cancellationToken).ConfigureAwait(false);
            }

            Place(temporary, path, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    // Not longer than a name may be, however long the file's own is.
    private static string TemporaryName(string path) => Path.Combine(Path.GetDirectoryName(path)!, $".{Guid.NewGuid():N}.part");

    private static void Place(string temporary, string path, bool overwrite)
    {
        try
        {
            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private bool TryMoveOut(BlobEntry entry, string path)
    {
        lock (_lock)
        {
            if (_entries.GetValueOrDefault(entry.Hash) != entry)
            {
                return false;
            }

            Replace(_backend.MoveOut(entry, path));
            return true;
        }
    }

    private static void RequireComplete(BlobLease lease)
    {
        if (!lease.Entry.IsComplete)
        {
            throw new BlobException(BlobErrorKind.Incomplete, $"Blob {lease.Entry.Hash.ToShortString()} is here in part only.");
        }
    }

    private async ValueTask CopyVerifiedAsync(BlobLease lease, Stream destination, CancellationToken cancellationToken)
    {
        RequireComplete(lease);
        var tree = lease.Entry.Tree;
        byte[] data = ArrayPool<byte>.Shared.Rent(Block.MaxDataSize);
        byte[] pairs = ArrayPool<byte>.Shared.Rent(Block.MaxPairsSize);
        var stack = new Stack<(TreeNode Node, ChainingValue Expected)>();
        stack.Push((tree.Root, ChainingValue.From(lease.Entry.Hash)));
        try
        {
            while (stack.TryPop(out var next))
            {
                bool isBlock = next.Node.GroupCount <= Block.MaxGroups;
                Memory<byte> block = data.AsMemory(0, isBlock ? (int)tree.SizeOf(next.Node) : 0);
                Memory<byte> inner = pairs.AsMemory(0, isBlock ? (int)next.Node.OutboardSize : BlobTree.PairSize);
                await lease.ReadDataAsync(next.Node.FirstGroup * BlobTree.GroupSize, block, cancellationToken).ConfigureAwait(false);
                if (!inner.IsEmpty)
                {
                    await lease.ReadOutboardAsync(next.Node.OutboardOffset, inner, cancellationToken).ConfigureAwait(false);
                }

                if (isBlock)
                {
                    Require(lease.Entry.Hash, Block.Verify(tree, next.Node, block.Span, inner.Span, next.Expected));
                    await destination.WriteAsync(block, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    Require(lease.Entry.Hash, TreeEncoder.CheckParent(tree, next.Node, inner.Span, next.Expected));
                    stack.Push((next.Node.Right, ChainingValue.From(inner.Span[BlobHash.Size..])));
                    stack.Push((next.Node.Left, ChainingValue.From(inner.Span[..BlobHash.Size])));
                }
            }
        }
        catch (Exception failure) when (failure is DamagedBlobException or EndOfStreamException or FileNotFoundException)
        {
            ReportDamage(lease.Entry, failure);
            throw new BlobException(BlobErrorKind.Damaged, failure.Message, failure);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(data);
            ArrayPool<byte>.Shared.Return(pairs);
        }
    }

    private static void Require(BlobHash hash, TreeProblem? problem)
    {
        if (problem is { } found)
        {
            throw new DamagedBlobException(hash, found);
        }
    }
}
