using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrohRpc.Samples.Tests.Programs;

/// <summary>Plain TCP as the tests speak it.</summary>
internal static class Tcp
{
    // Linux gives away ports from 32768 on, others from 49152 on.
    private const int FirstPort = 20_000;
    private const int PortCount = 12_000;

    // Programs that run their tests at the same time begin far from each other.
    private static int _portsTaken = (int)(Environment.ProcessId * 7919L % PortCount);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<Socket> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), Cancellation);
        return socket;
    }

    /// <summary>
    /// A free port, of TCP and UDP, for programs that cannot be asked to take any. No other test gets it, and it lies below those that systems give away by themselves, so that it stays free until the program listens.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = FirstPort + (Interlocked.Increment(ref _portsTaken) % PortCount);
            if (IsFree(port, SocketType.Stream, ProtocolType.Tcp) && IsFree(port, SocketType.Dgram, ProtocolType.Udp))
            {
                return port;
            }
        }
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

    private static bool IsFree(int port, SocketType type, ProtocolType protocol)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
