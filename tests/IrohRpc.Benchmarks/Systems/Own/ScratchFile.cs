using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Benchmarks.Systems.Own;

/// <summary>A new file in a folder, which is deleted in the end.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;

    public ScratchFile(DirectoryInfo folder)
    {
        _path = Path.Combine(folder.FullName, Path.GetRandomFileName());
        _handle = File.OpenHandle(_path, FileMode.CreateNew, FileAccess.Write);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(_handle, bytes, offset);

    public void Dispose()
    {
        _handle.Dispose();
        File.Delete(_path);
    }
}
