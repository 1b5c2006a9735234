using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Reach.PortMapping;

/// <summary>What a router has promised: packets to one of its outside ports arrive at a port of this machine.</summary>
/// <param name="External">The router's outside address and port.</param>
/// <param name="Lifetime">How long, unless it is renewed.</param>
internal sealed record MappedPort(IPEndPoint External, TimeSpan Lifetime)
{
    /// <summary>The mapping that a router's answer describes.</summary>
    /// <exception cref="PortMappingException">No peer could use it.</exception>
    public static MappedPort Create(IPAddress address, int port, TimeSpan lifetime)
    {
        if (port == 0 || lifetime <= TimeSpan.Zero || !IsUsable(address))
        {
            throw new PortMappingException($"The router offers {address}, port {port}, for {lifetime.TotalSeconds:0} seconds, which is of no use.");
        }

        return new MappedPort(new IPEndPoint(address, port), lifetime);
    }

    // A private address is of use to whoever is behind the same outer NAT.
    private static bool IsUsable(IPAddress address)
        => address.AddressFamily == AddressFamily.InterNetwork
            && !IPAddress.IsLoopback(address)
            && address.GetAddressBytes() is [not 0, var second, ..] bytes
            && bytes[0] < 224
            && (bytes[0], second) != (169, 254);
}
