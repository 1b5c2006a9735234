using System.Runtime.InteropServices;

namespace IrohRpc.Identity.Internal;

/// <summary>A second name for a file, which .NET has no call for.</summary>
internal static partial class HardLink
{
    /// <summary>Makes one.</summary>
    /// <returns>False where the file system has none, or the two are on different ones.</returns>
    public static bool TryCreate(string existing, string path)
        => OperatingSystem.IsWindows() ? CreateHardLink(path, existing, IntPtr.Zero) : Link(existing, path) == 0;

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string path);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string path, string existing, IntPtr attributes);
}
