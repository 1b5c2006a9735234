using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Hostile;

/// <summary>A network device whose other end is this program: what its host sends is read here, and what is written here its host receives. Linux, with rights to make one.</summary>
internal sealed unsafe partial class TunDevice : IDisposable
{
    private const int ReadWriteNonBlocking = 0x802;
    private const nuint SetInterface = 0x400454ca;
    private const short Tun = 0x0001;
    private const short WithoutPacketInformation = 0x1000;
    private const int RequestLength = 40;
    private const int LongestName = 15;
    private const short Readable = 1;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly SafeFileHandle _handle;

    private TunDevice(SafeFileHandle handle) => _handle = handle;

    /// <summary>Makes a device in the network namespace of the calling thread.</summary>
    /// <exception cref="Win32Exception">The machine does not allow it.</exception>
    public static TunDevice Create(string name)
    {
        SafeFileHandle handle = Open("/dev/net/tun", ReadWriteNonBlocking);
        if (handle.IsInvalid)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), "/dev/net/tun cannot be opened: " + Marshal.GetLastPInvokeErrorMessage());
        }

        byte* request = stackalloc byte[RequestLength];
        new Span<byte>(request, RequestLength).Clear();
        Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, LongestName)), new Span<byte>(request, LongestName));
        *(short*)(request + LongestName + 1) = Tun | WithoutPacketInformation;
        if (Control(handle, SetInterface, request) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new Win32Exception(error, $"The device {name} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return new TunDevice(handle);
    }

    /// <summary>Reads the next packet, and waits for it a tenth of a second at most.</summary>
    /// <returns>The packet's length; zero where none came.</returns>
    public int Read(Span<byte> buffer)
    {
        var poll = new PollDescriptor { Descriptor = (int)_handle.DangerousGetHandle(), Events = Readable };
        if (Poll(&poll, 1, (int)Patience.TotalMilliseconds) <= 0)
        {
            return 0;
        }

        fixed (byte* bytes = buffer)
        {
            return (int)Math.Max(0, Read(_handle, bytes, (nuint)buffer.Length));
        }
    }

    /// <summary>Writes a packet. One that the host does not take is lost, as on any link.</summary>
    public void Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* bytes = packet)
        {
            _ = Write(_handle, bytes, (nuint)packet.Length);
        }
    }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle handle, nuint request, byte* argument);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(SafeFileHandle handle, byte* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle handle, byte* buffer, nuint length);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
