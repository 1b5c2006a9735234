using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>The system calls of Linux that the class library does not offer, and their structures on 64-bit machines.</summary>
internal static unsafe partial class LinuxSockets
{
    public const int Ip = 0;
    public const int IpTos = 1;
    public const int IpPacketInfo = 8;
    public const int IpReceiveErrors = 11;
    public const int IpReceiveTos = 13;

    public const int IpV6 = 41;
    public const int IpV6ReceiveErrors = 25;
    public const int IpV6ReceivePacketInfo = 49;
    public const int IpV6PacketInfo = 50;
    public const int IpV6ReceiveTrafficClass = 66;
    public const int IpV6TrafficClass = 67;

    public const int Udp = 17;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;

    public const int DoNotWait = 0x40;
    public const int ErrorQueue = 0x2000;

    public const short PollIn = 1;
    public const short PollOut = 4;
    public const short PollError = 8;

    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int TryAgain = 11;
    public const int InvalidArgument = 22;
    public const int NetworkUnreachable = 101;
    public const int ConnectionRefused = 111;
    public const int HostUnreachable = 113;

    public const ushort FamilyIpV4 = 2;
    public const ushort FamilyIpV6 = 10;

    private const int EventNonBlocking = 0x800;
    private const int EventCloseOnExec = 0x80000;

    /// <summary>Makes an event counter to wait on.</summary>
    public static SafeFileHandle CreateEvent() => new(EventFd(0, EventNonBlocking | EventCloseOnExec), ownsHandle: true);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int socket, BatchMessage* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(SafeSocketHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int socket, int level, int name, int* value, uint length);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpecification* timeout, void* signalMask);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EventFd(uint initial, int flags);

    /// <summary>struct iovec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary>struct msghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public void* Name;
        public uint NameLength;
        public Buffer* Buffers;
        public nuint BufferCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BatchMessage
    {
        public Message Header;
        public uint Length;
    }

    /// <summary>struct cmsghdr; its data follow.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary>struct timespec.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
