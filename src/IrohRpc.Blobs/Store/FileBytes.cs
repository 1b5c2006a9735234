using IrohRpc.Blobs.Trees;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Blobs.Store;

/// <summary>
/// A file, opened at its first use. Reads and writes occupy the thread that asks for them: those of the operating system that do not would occupy
/// another one of the pool, and cost two switches for each piece of a blob.
/// </summary>
internal sealed class FileBytes(string path, FileAccess access) : IRandomBytes
{
    private readonly Lock _lock = new();
    private SafeFileHandle? _handle;

    public string Path => path;

    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SafeFileHandle handle = Open();
        for (Span<byte> left = buffer.Span; !left.IsEmpty;)
        {
            int read = RandomAccess.Read(handle, left, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"{path} is shorter than it was.");
            }

            left = left[read..];
            offset += read;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(offset, bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(Open(), bytes, offset);

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
                path, access == FileAccess.Read ? FileMode.Open : FileMode.OpenOrCreate, access, FileShare.ReadWrite | FileShare.Delete);
        }
    }
}
