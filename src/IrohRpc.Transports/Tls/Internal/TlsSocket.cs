using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Transports.Tls.Internal;

/// <summary>What both ends do with TCP sockets.</summary>
internal static class TlsSocket
{
    /// <summary>A TCP socket for one family, without Nagle's delay. IPv6 sockets leave IPv4 to sockets of its own.</summary>
    /// <param name="family">IPv4 or IPv6.</param>
    /// <exception cref="SocketException">The machine does not have the family, or no handle is left.</exception>
    public static Socket Create(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (family == AddressFamily.InterNetworkV6)
        {
            socket.DualMode = false;
        }

        return socket;
    }

    /// <summary>
    /// Closes with a reset instead of a goodbye: nothing lingers in either kernel, and the other end learns of it at once.
    /// </summary>
    /// <param name="socket">The socket; closed already is fine.</param>
    public static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other end was faster.
        }

        socket.Dispose();
    }

    /// <summary>
    /// Says that nothing more follows, below TLS. The alert that says it in TLS (close_notify) cannot be sent: SslStream.ShutdownAsync enters
    /// OpenSSL without the lock that reads and writes hold, and a read that is under way then corrupts memory. QMux does not need it,
    /// since CONNECTION_CLOSE, authenticated like all else, says that the end is one.
    /// </summary>
    /// <param name="socket">The socket; closed already is fine.</param>
    public static ValueTask ShutdownSendAsync(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other end was faster.
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The address of one end of a connected socket.</summary>
    /// <param name="endPoint">The end.</param>
    public static TransportAddress ToAddress(EndPoint? endPoint)
        => TlsAddress.Create((IPEndPoint)(endPoint ?? throw new SocketException((int)SocketError.NotConnected)));
}
