using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

/// <summary>Passes datagrams of one dialler on to a QUIC listener, until told otherwise; blocked, it loses them.</summary>
internal sealed class UdpForwarder : BreakablePath
{
    private readonly Socket _near = Bind();
    private readonly Socket _far = Bind();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private volatile IPEndPoint _target;
    private volatile EndPoint? _dialler;
    private volatile bool _blockedThere;
    private volatile bool _blockedBack;

    public UdpForwarder(IPEndPoint target, Func<IPEndPoint, TransportAddress> addressOf)
    {
        _target = target;
        Address = addressOf((IPEndPoint)_near.LocalEndPoint!);
        _work = Task.WhenAll(ForwardThereAsync(), ForwardBackAsync());
    }

    public override TransportAddress Address { get; }

    public override bool CanCut => false;

    public override void Block() => _blockedThere = _blockedBack = true;

    /// <summary>Loses only what the listener sends.</summary>
    public void BlockBack() => _blockedBack = true;

    /// <summary>From now on the datagrams of the dialler go elsewhere.</summary>
    public void Redirect(IPEndPoint target) => _target = target;

    public override void Unblock() => _blockedThere = _blockedBack = false;

    public override void Cut() => throw new NotSupportedException("QUIC does not believe in messages that a path is broken.");

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _near.Dispose();
        _far.Dispose();
        _stopping.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
        {
            ReceiveBufferSize = 4 * 1024 * 1024,
        };
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private async Task ForwardThereAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        await ForwardAsync(async () =>
        {
            SocketReceiveFromResult received = await _near.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
            _dialler = received.RemoteEndPoint;
            if (!_blockedThere)
            {
                await _far.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), _target, _stopping.Token);
            }
        });
    }

    private async Task ForwardBackAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        await ForwardAsync(async () =>
        {
            SocketReceiveFromResult received = await _far.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
            if (!_blockedBack && _dialler is { } dialler)
            {
                await _near.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), dialler, _stopping.Token);
            }
        });
    }

    private async Task ForwardAsync(Func<Task> forwardOne)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await forwardOne();
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Someone's port is closed by now, or the test is over.
            }
        }
    }
}
