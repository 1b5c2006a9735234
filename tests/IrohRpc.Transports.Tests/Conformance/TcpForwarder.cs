using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

/// <summary>Passes TCP connections on to a TLS listener, until told otherwise.</summary>
internal sealed class TcpForwarder : BreakablePath
{
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _work = [];
    private readonly IPEndPoint _target;
    private TaskCompletionSource _open = NewSignal();

    public TcpForwarder(IPEndPoint target)
    {
        _target = target;
        _open.SetResult();
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
        Address = TlsAddress.Create((IPEndPoint)_listening.LocalEndPoint!);
        _work.Add(AcceptAsync());
    }

    public override TransportAddress Address { get; }

    public override bool CanCut => true;

    public override void Block()
    {
        lock (_sockets)
        {
            _open = NewSignal();
        }
    }

    public override void Unblock()
    {
        lock (_sockets)
        {
            _open.TrySetResult();
        }
    }

    public override void Cut()
    {
        lock (_sockets)
        {
            foreach (Socket socket in _sockets)
            {
                Reset(socket);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listening.Dispose();
        Unblock();
        Cut();
        Task[] work;
        lock (_sockets)
        {
            work = [.. _work];
        }

        await Task.WhenAll(work);
        _stopping.Dispose();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Reset(Socket socket)
    {
        try
        {
            // With no linger time, closing resets the connection instead of ending it in order.
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket near = await _listening.AcceptAsync(_stopping.Token);
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets)
                {
                    _sockets.Add(near);
                    _sockets.Add(far);
                }

                await far.ConnectAsync(_target, _stopping.Token);
                lock (_sockets)
                {
                    _work.Add(ForwardAsync(near, far));
                    _work.Add(ForwardAsync(far, near));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The test is over, or the listener is.
        }
    }

    private async Task ForwardAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, _stopping.Token);
                Task open;
                lock (_sockets)
                {
                    open = _open.Task;
                }

                await open.WaitAsync(_stopping.Token);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return;
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stopping.Token);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            Reset(to);
        }
    }
}
