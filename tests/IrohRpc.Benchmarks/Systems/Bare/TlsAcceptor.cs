using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>A listener for TLS over TCP, and the way to it.</summary>
internal sealed class TlsAcceptor : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<SslStream, Task> _serve;
    private readonly bool _mutual;
    private readonly Task _accepting;

    public TlsAcceptor(bool mutual, Func<SslStream, Task> serve)
    {
        _mutual = mutual;
        _serve = serve;
        _listener.Start(4096);
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    /// <summary>Connects to this listener.</summary>
    /// <param name="by">Another address that leads to it; null for its own.</param>
    public async Task<SslStream> DialAsync(IPEndPoint? by = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(by ?? _listener.LocalEndpoint);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(Certificates.Client(_mutual));
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            _ = ServeAsync(socket);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(Certificates.Server(_mutual));
            await _serve(stream);
        }
        catch (IOException)
        {
            // The other side left.
        }
    }
}
