using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrohRpc.Samples.Tests.Programs;

/// <summary>Plain TCP as the tests speak it.</summary>
internal static class Tcp
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Socket> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancellation);
        return socket;
    }

    /// <summary>A port that was free a moment ago, for programs that cannot be asked to take any.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static async Task SendAsync(this Socket socket, string text)
        => await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation).AsTask().WaitAsync(ChildProcess.Patience);

    /// <summary>Reads exactly as many characters as <paramref name="text"/> has, and compares.</summary>
    public static async Task ExpectAsync(this Socket socket, string text)
    {
        byte[] bytes = new byte[text.Length];
        int count = 0;
        while (count < bytes.Length)
        {
            int read = await socket.ReceiveAsync(bytes.AsMemory(count), Cancellation).AsTask().WaitAsync(ChildProcess.Patience);
            Assert.True(read > 0, $"the connection ended after \"{Encoding.ASCII.GetString(bytes, 0, count)}\" instead of \"{text}\"");
            count += read;
        }

        Assert.Equal(text, Encoding.ASCII.GetString(bytes));
    }

    /// <summary>Reads to the end of the data and returns its length.</summary>
    public static async Task<long> CountToEndAsync(this Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        while (await socket.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(ChildProcess.Patience) is var count and > 0)
        {
            total += count;
        }

        return total;
    }

    public static async Task ExpectEndAsync(this Socket socket) => Assert.Equal(0, await socket.CountToEndAsync());

    /// <summary>Reads until the other end resets the connection; its end instead, or silence, fails.</summary>
    public static async Task ExpectResetAsync(this Socket socket)
    {
        SocketException exception = await Assert.ThrowsAsync<SocketException>(socket.CountToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, exception.SocketErrorCode);
    }

    /// <summary>Sends until the connection breaks, which is how a client notices a reset that comes after the end of the data.</summary>
    public static async Task SendUntilBrokenAsync(this Socket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(ChildProcess.Patience);
        byte[] bytes = new byte[1];
        SocketException exception = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            while (true)
            {
                await socket.SendAsync(bytes, patience.Token);
            }
        });
        Assert.True(exception.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset, exception.Message);
    }

    public static void Reset(this Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}
