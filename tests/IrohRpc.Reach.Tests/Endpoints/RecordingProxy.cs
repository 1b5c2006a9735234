using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>Stands between clients and a relay, and keeps a copy of all that the relay sends: what it says is what it can see.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _target;
    private readonly MemoryStream _recorded = new();
    private readonly List<Task> _pumps = [];
    private readonly List<TcpClient> _clients = [];
    private readonly Task _accepting;

    public RecordingProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public byte[] Recorded
    {
        get
        {
            lock (_recorded)
            {
                return _recorded.ToArray();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }

        await Task.WhenAll(_pumps);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient client;
            try
            {
                client = await _listener.AcceptTcpClientAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }

            var relay = new TcpClient { NoDelay = true };
            client.NoDelay = true;
            await relay.ConnectAsync(_target.Host, _target.Port);
            _clients.AddRange([client, relay]);
            _pumps.Add(PumpAsync(client.GetStream(), relay.GetStream(), records: false));
            _pumps.Add(PumpAsync(relay.GetStream(), client.GetStream(), records: true));
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, bool records)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var length)
            {
                if (records)
                {
                    lock (_recorded)
                    {
                        _recorded.Write(buffer.AsSpan(0, length));
                    }
                }

                await to.WriteAsync(buffer.AsMemory(0, length));
            }

            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // One side is gone.
        }
    }
}
