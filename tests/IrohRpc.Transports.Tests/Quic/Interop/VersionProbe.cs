using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>A long header of a version that is reserved for being unknown (RFC 9000, section 15).</summary>
internal static class VersionProbe
{
    /// <summary>Sends one, and waits for the answer.</summary>
    public static byte[] Send(IPEndPoint target)
    {
        using Socket socket = Bind();
        return Send(socket, target);
    }

    /// <summary>A socket to send one from.</summary>
    public static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Sends one, and waits for the answer.</summary>
    public static byte[] Send(Socket socket, IPEndPoint target)
    {
        byte[] datagram = new byte[1200];
        datagram[0] = 0xc0;
        Convert.FromHexString("1a2a3a4a").CopyTo(datagram, 1);
        datagram[5] = 8;
        RandomNumberGenerator.Fill(datagram.AsSpan(6, 8));
        datagram[14] = 8;
        RandomNumberGenerator.Fill(datagram.AsSpan(15, 8));
        socket.SendTo(datagram, target);
        byte[] answer = new byte[1500];
        int length;
        do
        {
            // iroh 0.35 says more than QUIC from the same port.
            length = socket.Receive(answer);
        }
        while ((answer[0] & 0x80) == 0);

        return answer[..length];
    }
}
