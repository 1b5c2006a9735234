using System.Net;
using System.Net.Sockets;

namespace IrohRpc;

/// <summary>The usual values of <see cref="PeerEndpointOptions.ListenOn"/>.</summary>
public static class ListenAddresses
{
    private static readonly Lazy<bool> Ipv6 = new(CanBindIpv6);

    /// <summary>This machine only: IPv4 loopback and, where the machine has it, IPv6 loopback.</summary>
    /// <param name="port">The port; zero for any free one.</param>
    public static IReadOnlyList<IPEndPoint> Loopback(int port = 0)
        => Ipv6.Value
            ? [new IPEndPoint(IPAddress.Loopback, port), new IPEndPoint(IPAddress.IPv6Loopback, port)]
            : [new IPEndPoint(IPAddress.Loopback, port)];

    /// <summary>All addresses of this machine: IPv4 and, where the machine has it, IPv6.</summary>
    /// <param name="port">The port; zero for any free one.</param>
    public static IReadOnlyList<IPEndPoint> Any(int port = 0)
        => Ipv6.Value
            ? [new IPEndPoint(IPAddress.Any, port), new IPEndPoint(IPAddress.IPv6Any, port)]
            : [new IPEndPoint(IPAddress.Any, port)];

    // A container often has the protocol and no address of it, which only binding one tells.
    private static bool CanBindIpv6()
    {
        if (!Socket.OSSupportsIPv6)
        {
            return false;
        }

        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
