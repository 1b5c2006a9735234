using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Tests;

/// <summary>Stands between a dialler and a listener as somebody who controls the network: it copies what passes, and keeps answers back.</summary>
internal sealed class UdpTap : IAsyncDisposable
{
    private readonly Socket _near = Bind();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _work = [];
    private volatile Socket _far = Bind();
    private volatile EndPoint? _dialler;
    private volatile bool _blocksAnswers;

    public UdpTap(IPEndPoint target)
    {
        Target = target;
        _work.Add(PassAsync(_near, (sender, datagram) =>
        {
            _dialler = sender;
            if (Copies)
            {
                Passed.Enqueue(datagram);
            }

            return _far.SendToAsync(datagram, Target);
        }));
        _work.Add(PassBackAsync(_far));
    }

    /// <summary>Where the listener is.</summary>
    public IPEndPoint Target { get; set; }

    public IPEndPoint Address => (IPEndPoint)_near.LocalEndPoint!;

    /// <summary>Whether what passes is copied.</summary>
    public bool Copies { get; init; } = true;

    /// <summary>What the dialler sent, in order.</summary>
    public ConcurrentQueue<byte[]> Passed { get; } = new();

    /// <summary>Whether what the listener sends is lost.</summary>
    public bool BlocksAnswers
    {
        get => _blocksAnswers;
        set => _blocksAnswers = value;
    }

    /// <summary>Sends copies to the listener, as if they came from the dialler.</summary>
    public async Task RepeatAsync(IEnumerable<byte[]> datagrams)
    {
        foreach (byte[] datagram in datagrams)
        {
            await _far.SendToAsync(datagram, Target);
        }
    }

    /// <summary>Sends from another port from here on, as a NAT does that has forgotten the flow: what the listener sends to the port of before is lost.</summary>
    public void Move()
    {
        Socket before = _far;
        _far = Bind();
        _work.Add(PassBackAsync(_far));
        before.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_work);
        _near.Dispose();
        _far.Dispose();
        _stopping.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private Task PassBackAsync(Socket far)
        => PassAsync(far, (_, datagram) => _blocksAnswers || _dialler is null ? Task.FromResult(0) : _near.SendToAsync(datagram, _dialler));

    private async Task PassAsync(Socket socket, Func<EndPoint, byte[], Task<int>> pass)
    {
        byte[] buffer = new byte[64 * 1024];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                await pass(received.RemoteEndPoint, buffer[..received.ReceivedBytes]);
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Someone's port is closed by now, or the test is over.
            }
            catch (ObjectDisposedException)
            {
                // The far side has moved: its socket of before is done, and what the near side was about to send is lost.
                if (socket != _near)
                {
                    return;
                }
            }
        }
    }
}
