using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>Finds out which address of this machine a path starts at.</summary>
internal static class LocalEndPoints
{
    /// <summary>The local end of a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="bound">Where the socket is bound.</param>
    public static IPEndPoint Of(in NetworkPath path, IPEndPoint bound)
    {
        if (!path.Local.IsUnspecified)
        {
            return path.Local.ToIPEndPoint();
        }

        if (!bound.Address.Equals(IPAddress.Any) && !bound.Address.Equals(IPAddress.IPv6Any))
        {
            return bound;
        }

        try
        {
            // Connecting a datagram socket sends nothing; it asks the system for the route.
            using var probe = new Socket(bound.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(path.Remote.ToIPEndPoint());
            return new IPEndPoint(((IPEndPoint)probe.LocalEndPoint!).Address, bound.Port);
        }
        catch (SocketException)
        {
            return bound;
        }
    }
}
