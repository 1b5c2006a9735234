using System.Net;
using System.Net.Sockets;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Passes datagrams on in both directions, loses one in twenty and holds one in twenty back behind the next.</summary>
internal sealed class LossyProxy : IAsyncDisposable
{
    private readonly NetworkNamespace _network;
    private readonly bool _isLossy;
    private readonly Socket _near;
    private readonly List<Socket> _closed = [];
    private volatile Socket _far;
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private readonly Task _back;
    private volatile EndPoint? _dialler;
    private int _lost;

    /// <param name="network">Where it stands.</param>
    /// <param name="target">Where the listener is.</param>
    /// <param name="isLossy">Whether it loses and reorders; otherwise it only passes on.</param>
    public LossyProxy(NetworkNamespace network, IPEndPoint target, bool isLossy = true)
    {
        _network = network;
        _isLossy = isLossy;
        _target = target;
        (_near, _far) = network.Run(static () => (Bind(IPAddress.Loopback), Bind(IPAddress.Loopback)));
        Address = (IPEndPoint)_near.LocalEndPoint!;
        _work = PassAsync(() => _near, isFromDialler: true, new Random(1));
        _back = PassAsync(() => _far, isFromDialler: false, new Random(2));
    }

    public IPEndPoint Address { get; }

    public int Lost => Volatile.Read(ref _lost);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_work, _back);
        _near.Dispose();
        _far.Dispose();
        _closed.ForEach(static socket => socket.Dispose());
        _stopping.Dispose();
    }

    /// <summary>What the dialler sends comes from another port from now on, as behind a NAT that has forgotten it.</summary>
    public void Rebind() => Rebind(IPAddress.Loopback);

    /// <summary>The same from another address, as behind another NAT.</summary>
    public void Rebind(IPAddress address)
    {
        Socket old = _far;
        _far = _network.Run(() => Bind(address));
        _closed.Add(old);
        old.Close();
    }

    private static Socket Bind(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private async Task PassAsync(Func<Socket> from, bool isFromDialler, Random random)
    {
        byte[] buffer = new byte[64 * 1024];
        byte[]? held = null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await from().ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                if (isFromDialler)
                {
                    _dialler = received.RemoteEndPoint;
                }

                int chance = _isLossy ? random.Next(100) : 100;
                if (chance < 5)
                {
                    Interlocked.Increment(ref _lost);
                    continue;
                }

                if (chance < 10 && held is null)
                {
                    held = buffer[..received.ReceivedBytes];
                    continue;
                }

                await SendAsync(isFromDialler, buffer.AsMemory(0, received.ReceivedBytes));
                if (held is not null)
                {
                    await SendAsync(isFromDialler, held);
                    held = null;
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Somebody's port is closed by now, or the test is over.
            }
        }
    }

    private async ValueTask SendAsync(bool isFromDialler, ReadOnlyMemory<byte> datagram)
    {
        if (isFromDialler)
        {
            await _far.SendToAsync(datagram, _target, _stopping.Token);
        }
        else if (_dialler is { } dialler)
        {
            await _near.SendToAsync(datagram, dialler, _stopping.Token);
        }
    }
}
