using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IrohRpc.Reach.PortMapping;

namespace IrohRpc.Reach.Tests.PortMapping;

/// <summary>A router of the test's on loopback that answers datagrams.</summary>
internal sealed class TestRouter : IAsyncDisposable
{
    public static readonly Gateway Gateway = new(IPAddress.Loopback, IPAddress.Loopback);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Func<byte[], byte[]?> _answer;
    private readonly Task _running;

    /// <param name="answer">The answer to a datagram; null for none.</param>
    public TestRouter(Func<byte[], byte[]?> answer)
    {
        _answer = answer;
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _running = RunAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    public GatewayExchange Exchange => new(IPAddress.Loopback, EndPoint, TimeProvider.System);

    /// <summary>What it was asked, first question first.</summary>
    public ConcurrentQueue<byte[]> Questions { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                byte[] question = buffer[..received.ReceivedBytes];
                Questions.Enqueue(question);
                if (_answer(question) is { } answer)
                {
                    await _socket.SendToAsync(answer, SocketFlags.None, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
