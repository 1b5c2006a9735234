using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Blobs.Store;

/// <summary>The system calls of Linux that the class library does not offer, on 64-bit machines.</summary>
internal static partial class LinuxFiles
{
    /// <summary>Of sync_file_range: begin to write, and wait for nothing that can be helped.</summary>
    public const uint Write = 2;

    /// <summary>Of posix_fadvise: these bytes will not be needed soon.</summary>
    public const int DontNeed = 4;

    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    public static partial int SyncRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
