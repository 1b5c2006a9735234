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
        Read(Open(), offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReadAsync(long offset, IReadOnlyList<Memory<byte>> buffers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SafeFileHandle handle = Open();
        long filled = RandomAccess.Read(handle, buffers, offset);
        foreach (Memory<byte> buffer in buffers)
        {
            // The operating system may have stopped early, in the middle of any of them.
            int whole = (int)Math.Clamp(filled, 0, buffer.Length);
            Read(handle, offset + whole, buffer.Span[whole..]);
            filled -= whole;
            offset += buffer.Length;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(offset, bytes.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(long offset, IReadOnlyList<ReadOnlyMemory<byte>> buffers, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RandomAccess.Write(Open(), buffers, offset);
        return ValueTask.CompletedTask;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(Open(), bytes, offset);

    /// <summary>Makes the file, where nothing will be written to it.</summary>
    public void Create() => Open();

    public void Flush() => RandomAccess.FlushToDisk(Open());

    /// <summary>Has bytes go to the disk, and does not wait for it. Nothing where the system cannot be told so.</summary>
    public void BeginFlush(long offset, long length)
    {
        if (LinuxFiles.IsSupported)
        {
            _ = LinuxFiles.SyncRange(Open(), offset, length, LinuxFiles.Write);
        }
    }

    /// <summary>Lets the system have the memory of bytes that are on the disk.</summary>
    public void Forget(long offset, long length)
    {
        if (LinuxFiles.IsSupported)
        {
            _ = LinuxFiles.Advise(Open(), offset, length, LinuxFiles.DontNeed);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            _handle?.Dispose();
            _handle = null;
        }
    }

    private void Read(SafeFileHandle handle, long offset, Span<byte> left)
    {
        while (!left.IsEmpty)
        {
            int read = RandomAccess.Read(handle, left, offset);
            if (read == 0)
            {
                throw new EndOfStreamException($"{path} is shorter than it was.");
            }

            left = left[read..];
            offset += read;
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
