using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace IrohRpc.Reach.Lookup.Mdns;

/// <summary>One socket for each interface, all of them members of the groups of multicast DNS.</summary>
internal sealed class MulticastSockets : IDisposable
{
    private const int TimeToLive = 16;
    private static readonly IPAddress GroupV4 = IPAddress.Parse("224.0.0.251");
    private static readonly IPAddress GroupV6 = IPAddress.Parse("ff02::fb");

    private readonly List<(Socket Socket, IPEndPoint Group)> _sockets = [];

    /// <summary>The sockets that could be opened; none where the machine has no network or the port is somebody's alone.</summary>
    public IReadOnlyList<Socket> All => [.. _sockets.Select(static entry => entry.Socket)];

    /// <summary>Opens the sockets.</summary>
    /// <param name="interfaces">The addresses of interfaces; all that can do multicast where it is empty.</param>
    /// <param name="port">The port.</param>
    public static MulticastSockets Open(IReadOnlyList<IPAddress> interfaces, int port)
    {
        var sockets = new MulticastSockets();
        foreach (IPAddress address in interfaces.Count > 0 ? interfaces : Usable())
        {
            sockets.TryAdd(address, port);
        }

        return sockets;
    }

    /// <summary>Sends a message to everybody.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        foreach ((Socket socket, IPEndPoint group) in _sockets)
        {
            try
            {
                await socket.SendToAsync(message, SocketFlags.None, group, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // An interface that has gone down; the others go on.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Socket socket, _) in _sockets)
        {
            socket.Dispose();
        }
    }

    private static IEnumerable<IPAddress> Usable()
    {
        foreach (NetworkInterface candidate in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (candidate.OperationalStatus != OperationalStatus.Up || !candidate.SupportsMulticast
                || candidate.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            {
                continue;
            }

            var addresses = candidate.GetIPProperties().UnicastAddresses.Select(static entry => entry.Address).ToList();
            if (addresses.Find(static address => address.AddressFamily == AddressFamily.InterNetwork) is { } v4)
            {
                yield return v4;
            }

            if (addresses.Find(static address => address.IsIPv6LinkLocal) is { } v6)
            {
                yield return v6;
            }
        }
    }

    private void TryAdd(IPAddress address, int port)
    {
        bool isV4 = address.AddressFamily == AddressFamily.InterNetwork;
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            // Other programs on the machine listen on this port as well.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (isV4)
            {
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, TimeToLive);
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback, true);
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, address.GetAddressBytes());
                socket.Bind(new IPEndPoint(IPAddress.Any, port));
                socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(GroupV4, address));
            }
            else
            {
                socket.DualMode = false;
                socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, TimeToLive);
                socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastLoopback, true);
                socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, (int)address.ScopeId);
                socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
                socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, new IPv6MulticastOption(GroupV6, address.ScopeId));
            }

            _sockets.Add((socket, new IPEndPoint(isV4 ? GroupV4 : new IPAddress(GroupV6.GetAddressBytes(), address.ScopeId), port)));
        }
        catch (SocketException)
        {
            // This interface takes no part, as where a firewall or another program forbids it.
            socket.Dispose();
        }
    }
}
