using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>
/// A UDP socket as an endpoint needs it. What the platform can do beyond plain datagrams
/// (several in one call, segmentation, congestion marks, local addresses) is used where it is there and missed nowhere.
/// </summary>
internal abstract class UdpSocket : DatagramSocket
{
    // The kernel's default holds some 150 datagrams; a burst of one connection is more than that. Systems cap this silently.
    private const int BufferSize = 4 * 1024 * 1024;

    private protected UdpSocket(Socket socket)
    {
        Socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        IsWildcard = LocalEndPoint.Address.Equals(IPAddress.Any) || LocalEndPoint.Address.Equals(IPAddress.IPv6Any);
        LocalAddress = IsWildcard ? default : UdpAddress.From(LocalEndPoint);
    }

    /// <inheritdoc/>
    public override IPEndPoint LocalEndPoint { get; }

    private protected Socket Socket { get; }

    /// <summary>Whether the socket is bound to all addresses of the machine.</summary>
    private protected bool IsWildcard { get; }

    /// <summary>The local end of all paths; unspecified for a wildcard.</summary>
    private protected UdpAddress LocalAddress { get; }

    /// <summary>Binds a socket.</summary>
    /// <param name="endPoint">The address and port; port zero for any free one.</param>
    /// <param name="isPlain">Whether to use nothing but what every platform has.</param>
    /// <exception cref="SocketException">The address cannot be bound.</exception>
    public static UdpSocket Bind(IPEndPoint endPoint, bool isPlain = false)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            Tune(socket);
            socket.Bind(endPoint);
            return LinuxUdpSocket.IsSupported && !isPlain ? new LinuxUdpSocket(socket) : new PlainUdpSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool Carries(in UdpAddress destination)
        => destination.Relayed is null && destination.IsIPv6 == (Socket.AddressFamily == AddressFamily.InterNetworkV6);

    /// <inheritdoc/>
    public override bool Reaches(in UdpAddress destination)
        => Carries(destination) && (IsWildcard || LocalAddress.IsLoopback == destination.IsLoopback);

    /// <inheritdoc/>
    public override void Dispose() => Socket.Dispose();

    private static void Tune(Socket socket)
    {
        socket.ReceiveBufferSize = BufferSize;
        socket.SendBufferSize = BufferSize;
        if (OperatingSystem.IsWindows())
        {
            // Otherwise an ICMP message about one peer fails the next receive from another.
            const int UdpConnectionReset = unchecked((int)0x9800000C);
            socket.IOControl(UdpConnectionReset, [0, 0, 0, 0], null);
        }

        Fragmentation.Forbid(socket);
    }
}
