using System.Net.Sockets;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>
/// Forbids a socket to send datagrams in fragments, as path MTU discovery needs it (RFC 9000, section 14): one that is too long is dropped. The class library can say
/// so for IPv4 on Windows and Linux only, so that the platform's own option is set.
/// </summary>
internal static class Fragmentation
{
    private const int Ip = 0;
    private const int IpV6 = 41;

    /// <summary>Forbids fragments. Where the platform does not know how, they stay allowed, and the path MTU is found larger than it is.</summary>
    /// <returns>Whether the platform took it.</returns>
    public static bool Forbid(Socket socket)
    {
        (int level, int name, int value) = OptionOf(socket.AddressFamily == AddressFamily.InterNetworkV6);
        if (name == 0)
        {
            return false;
        }

        try
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BitConverter.TryWriteBytes(bytes, value);
            socket.SetRawSocketOption(level, name, bytes);
            return true;
        }
        catch (SocketException)
        {
            // An old kernel.
            return false;
        }
    }

    // The numbers are those of each platform's headers: <linux/in.h>, <netinet/in.h> of Darwin and FreeBSD, ws2ipdef.h.
    private static (int Level, int Name, int Value) OptionOf(bool isIPv6)
    {
        int level = isIPv6 ? IpV6 : Ip;
        if (OperatingSystem.IsLinux() || OperatingSystem.IsAndroid())
        {
            // IP_MTU_DISCOVER and IPV6_MTU_DISCOVER with PMTUDISC_PROBE: what the kernel believes of the path is ignored, since anybody's ICMP message may have told it.
            const int Probe = 3;
            return (level, isIPv6 ? 23 : 10, Probe);
        }

        if (OperatingSystem.IsWindows())
        {
            // IP_DONTFRAGMENT and IPV6_DONTFRAG.
            return (level, 14, 1);
        }

        if (OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() || OperatingSystem.IsTvOS() || OperatingSystem.IsMacCatalyst())
        {
            return (level, isIPv6 ? 62 : 28, 1);
        }

        return OperatingSystem.IsFreeBSD() ? (level, isIPv6 ? 62 : 67, 1) : default;
    }
}
