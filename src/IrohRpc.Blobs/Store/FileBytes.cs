using IrohRpc.Blobs.Trees;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Blobs.Store;

/// <summary>A file, opened at its first use.</summary>
internal sealed class FileBytes(string path, FileAccess access) : IRandomBytes
{
    private readonly Lock _lock = new();
    private SafeFileHandle? _handle;

    public string Path => path;

    public async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        SafeFileHandle handle = Open();
        while (!buffer.IsEmpty)
        {
            int read = await RandomAccess.ReadAsync(handle, buffer, offset, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                throw new EndOfStreamException($"{path} is shorter than it was.");
            }

            buffer = buffer[read..];
            offset += read;
        }
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        => RandomAccess.WriteAsync(Open(), bytes, offset, cancellationToken);

    /// <summary>Makes the file, where nothing will be written to it.</summary>
    public void Create() => Open();

    public void Flush() => RandomAccess.FlushToDisk(Open());

    public void Close()
    {
        lock (_lock)
        {
            _handle?.Dispose();
            _handle = null;
        }
    }

    private SafeFileHandle Open()
    {
        lock (_lock)
        {
            return _handle ??= File.OpenHandle(
                path, access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate, access, FileShare.ReadWrite | FileShare.Delete,
                FileOptions.Asynchronous);
        }
    }
}
