using System.Buffers;
using System.Text;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs;

/// <content>How blobs come into a store from this machine.</content>
public sealed partial class BlobStore
{
    /// <summary>Takes in bytes.</summary>
    /// <param name="data">The bytes; copied.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Their hash.</returns>
    public async ValueTask<BlobHash> ImportAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (data.Length <= BlobTree.GroupSize)
        {
            return AddSmall(data.Span);
        }

        using IImport import = _backend.CreateImport();
        await import.Data.WriteAsync(0, data, cancellationToken).ConfigureAwait(false);
        return await CommitAsync(import, data.Length, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes in what a stream has left to read, in constant memory.</summary>
    /// <param name="data">The stream; it stays open.</param>
    /// <param name="cancellationToken">Gives up; nothing stays behind.</param>
    /// <returns>The hash.</returns>
    public async ValueTask<BlobHash> ImportAsync(Stream data, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Block.MaxDataSize);
        try
        {
            int filled = await data.ReadAtLeastAsync(buffer, BlobTree.GroupSize + 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (filled <= BlobTree.GroupSize)
            {
                return AddSmall(buffer.AsSpan(0, filled));
            }

            using IImport import = _backend.CreateImport();
            long size = 0;
            while (filled > 0)
            {
                await import.Data.WriteAsync(size, buffer.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                size += filled;
                filled = await data.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }

            return await CommitAsync(import, size, null, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Takes in a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it is copied or read where it lies.</param>
    /// <param name="progress">Hears how many bytes were hashed so far.</param>
    /// <param name="cancellationToken">Gives up; nothing stays behind.</param>
    /// <returns>The hash.</returns>
    /// <exception cref="IOException">The file cannot be read, or changed while it was read.</exception>
    public async ValueTask<BlobHash> ImportFileAsync(
        string path, BlobImportMode mode = BlobImportMode.Copy, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new FileInfo(path);
        if (mode == BlobImportMode.Copy || file.Length <= BlobTree.GroupSize)
        {
            // A small blob takes less room than the words that would refer to its file.
            FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using (stream.ConfigureAwait(false))
            {
                BlobHash copied = await ImportAsync(stream, cancellationToken).ConfigureAwait(false);
                progress?.Report(file.Length);
                return copied;
            }
        }

        long size = file.Length;
        DateTime modified = file.LastWriteTimeUtc;
        using IImport import = _backend.CreateImport();
        var data = new FileBytes(path, FileAccess.Read);
        try
        {
            using var builder = new TreeBuilder(data, import.Outboard, size, progress);
            BlobHash hash = await builder.BuildAsync(cancellationToken).ConfigureAwait(false);
            file.Refresh();
            if (file.Length != size || file.LastWriteTimeUtc != modified)
            {
                throw new IOException($"{path} was changed while it was taken in.");
            }

            return Commit(hash, () => import.CommitReference(hash, size, path, modified));
        }
        finally
        {
            data.Close();
        }
    }

    /// <summary>
    /// Takes in the files of a folder, with those of the folders in it, as a collection. Links are not followed. A file's name in the
    /// collection begins with that of the folder, as iroh's tools have it.
    /// </summary>
    /// <param name="path">A folder, or one file, which then is the only one of the collection.</param>
    /// <param name="mode">Whether files are copied or read where they lie.</param>
    /// <param name="progress">Hears how many bytes of all files were hashed so far.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The collection, and the hash of its hash sequence.</returns>
    public async ValueTask<(BlobHash Hash, BlobCollection Collection)> ImportFolderAsync(
        string path, BlobImportMode mode = BlobImportMode.Copy, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar);
        string parent = Path.GetDirectoryName(full) ?? full;
        var entries = new List<BlobCollectionEntry>();
        long done = 0;
        foreach ((string name, string file) in FilesOf(full, parent))
        {
            long before = done;
            var part = progress is null ? null : new Offset(progress, before);
            entries.Add(new BlobCollectionEntry(name, await ImportFileAsync(file, mode, part, cancellationToken).ConfigureAwait(false)));
            done += new FileInfo(file).Length;
        }

        var collection = new BlobCollection(entries);
        return (await collection.StoreAsync(this, cancellationToken).ConfigureAwait(false), collection);
    }

    // In the order of the names' bytes, as iroh's tools have it: the same folder has the same hash everywhere.
    private static IEnumerable<(string Name, string Path)> FilesOf(string path, string parent)
        => EnumerateFiles(path)
            .Select(file => (Name: Path.GetRelativePath(parent, file).Replace(Path.DirectorySeparatorChar, '/'), file))
            .OrderBy(static file => Encoding.UTF8.GetBytes(file.Name), Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right)));

    private static IEnumerable<string> EnumerateFiles(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device,
            IgnoreInaccessible = false,
        };
        return Directory.EnumerateFiles(path, "*", options);
    }

    private async ValueTask<BlobHash> CommitAsync(IImport import, long size, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var builder = new TreeBuilder(import.Data, import.Outboard, size, progress);
        BlobHash hash = await builder.BuildAsync(cancellationToken).ConfigureAwait(false);
        return Commit(hash, () => import.Commit(hash, size));
    }

    private BlobHash AddSmall(ReadOnlySpan<byte> data)
    {
        var hash = BlobHash.Of(data);
        if (!IsComplete(hash))
        {
            BlobEntry entry = _backend.AddSmall(hash, data);
            lock (_lock)
            {
                Replace(entry);
            }
        }

        return hash;
    }

    private BlobHash Commit(BlobHash hash, Func<BlobEntry> commit)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_entries.GetValueOrDefault(hash) is not { IsComplete: true })
            {
                Replace(commit());
            }
        }

        return hash;
    }

    // A part that is being downloaded stays as it is for who writes it, and nobody else sees it any more.
    private void Replace(BlobEntry entry)
    {
        BlobEntry? old = _entries.GetValueOrDefault(entry.Hash);
        Arrive(entry);
        old?.Remove();
    }

    private sealed class Offset(IProgress<long> inner, long start) : IProgress<long>
    {
        public void Report(long value) => inner.Report(start + value);
    }
}
