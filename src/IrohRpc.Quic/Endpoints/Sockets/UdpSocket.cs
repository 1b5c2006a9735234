using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>
/// A UDP socket as an endpoint needs it: one thread waits, receives and is woken; any thread sends. What the platform can do beyond plain datagrams
/// (several in one call, segmentation, congestion marks, local addresses) is used where it is there and missed nowhere.
/// </summary>
internal abstract class UdpSocket : IDisposable
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

    /// <summary>The address and port that the socket is bound to.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>How many datagrams of equal length can be sent in one call.</summary>
    public abstract int MaxSegments { get; }

    /// <summary>Whether received congestion marks are told and marks can be sent.</summary>
    public abstract bool SupportsEcn { get; }

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

    /// <summary>Waits until there is something to receive, until <see cref="Wake"/> or until the time is over. For one thread.</summary>
    /// <param name="timeout">How long to wait at most; null for as long as it takes.</param>
    public abstract void Wait(TimeSpan? timeout);

    /// <summary>Ends the wait that is under way, or the next one. For any thread.</summary>
    public abstract void Wake();

    /// <summary>Receives what has arrived, up to a bound, without waiting. For the thread that waits.</summary>
    /// <param name="receiver">Takes the datagrams.</param>
    /// <returns>Whether there may be more.</returns>
    public abstract bool Receive(IDatagramReceiver receiver);

    /// <summary>Sends datagrams. What cannot be sent is lost, as anything may be on its way. For any thread.</summary>
    /// <param name="datagrams">The datagrams, one behind the other, at most <see cref="MaxSegments"/>.</param>
    /// <param name="destination">Where they go, from where, how they are marked, and how long each but the last is.</param>
    public abstract void Send(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination);

    /// <summary>Closes the socket. Nobody may wait, receive or send any more.</summary>
    public virtual void Dispose() => Socket.Dispose();

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

        try
        {
            // Path MTU discovery needs datagrams that are too long to be dropped. Where that cannot be said, they are fragmented.
            if (socket.AddressFamily == AddressFamily.InterNetwork)
            {
                socket.DontFragment = true;
            }
        }
        catch (SocketException)
        {
            // Not known to this platform.
        }
    }
}
