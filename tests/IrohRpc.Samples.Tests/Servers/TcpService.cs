using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Servers;

/// <summary>A TCP service inside the test, which hands out the connections that it gets.</summary>
internal sealed class TcpService : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Task _accepting;

    private TcpService(Func<Socket, Task>? serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4096);
        _accepting = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>A service whose connections the test takes from <see cref="AcceptAsync()"/>.</summary>
    public static TcpService ByHand() => new(null);

    /// <summary>A service that sends everything back, and its end when it reads the end.</summary>
    public static TcpService Echo() => new(EchoAsync);

    public Task<Socket> AcceptAsync()
        => _accepted.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(ChildProcess.Patience);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (Socket socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) is var count and > 0)
            {
                await socket.SendAsync(buffer.AsMemory(0, count));
            }

            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended, or the client reset; what that means is for the test to say at the other end.
        }
    }

    private async Task AcceptAsync(Func<Socket, Task>? serve)
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                socket.NoDelay = true;
                _sockets.Add(socket);
                if (serve is null)
                {
                    await _accepted.Writer.WriteAsync(socket);
                }
                else
                {
                    serving.Add(serve(socket));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            foreach (Socket socket in _sockets)
            {
                socket.Dispose();
            }
        }

        await Task.WhenAll(serving);
    }
}
