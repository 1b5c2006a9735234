using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IrohRpc.Reach.PortMapping;

/// <summary>A router that this machine sends through.</summary>
/// <param name="Router">The router's address on the local network.</param>
/// <param name="Local">This machine's address on that network.</param>
internal sealed record Gateway(IPAddress Router, IPAddress Local)
{
    /// <summary>The router of the first interface that has one.</summary>
    /// <param name="bound">The address that the port is bound to; only the router of its network counts, or any where it stands for all addresses.</param>
    public static Gateway? Find(IPAddress bound)
    {
        foreach (NetworkInterface nic in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (nic.OperationalStatus != OperationalStatus.Up || nic.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            {
                continue;
            }

            IPInterfaceProperties properties = nic.GetIPProperties();
            IPAddress? router = properties.GatewayAddresses.Select(static gateway => gateway.Address).FirstOrDefault(IsIPv4);
            IPAddress? local = properties.UnicastAddresses.Select(static unicast => unicast.Address)
                .FirstOrDefault(address => IsIPv4(address) && (bound.Equals(IPAddress.Any) || bound.Equals(address)));
            if (router is not null && local is not null)
            {
                return new Gateway(router, local);
            }
        }

        return null;
    }

    private static bool IsIPv4(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork && !address.Equals(IPAddress.Any);
}
