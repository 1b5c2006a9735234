using System.Net;
using System.Net.Sockets;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests.Interop;

/// <summary>Leads TCP connections to a port of loopback inside a namespace to the same port outside, so that a server has one URL on both sides.</summary>
internal sealed class Forwarder : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly IPEndPoint _target;
    private readonly List<Task> _pumps = [];
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;

    public Forwarder(NetworkNamespace network, int port)
    {
        _target = new IPEndPoint(IPAddress.Loopback, port);
        _listener = network.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(_target);
            socket.Listen();
            return socket;
        });
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_pumps);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket inside = await _listener.AcceptAsync();
                var outside = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                _sockets.AddRange([inside, outside]);
                await outside.ConnectAsync(_target);
                inside.NoDelay = outside.NoDelay = true;
                _pumps.AddRange([PumpAsync(inside, outside), PumpAsync(outside, inside)]);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var length)
            {
                await to.SendAsync(buffer.AsMemory(0, length));
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side is gone.
        }
    }
}
