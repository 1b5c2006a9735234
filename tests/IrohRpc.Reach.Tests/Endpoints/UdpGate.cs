using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>A way over UDP that the test opens and shuts: it carries datagrams between whoever sends to it and a target.</summary>
internal sealed class UdpGate : IAsyncDisposable
{
    private readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ConcurrentDictionary<EndPoint, Socket> _backs = new();
    private readonly ConcurrentBag<Task> _pumps = [];
    private readonly IPEndPoint _target;
    private readonly Task _running;
    private volatile bool _isOpen;
    private long _passed;

    public UdpGate(IPEndPoint target, bool isOpen)
    {
        _target = target;
        _isOpen = isOpen;
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _running = RunAsync();
    }

    public TransportAddress Address => TransportAddress.Ip((IPEndPoint)_front.LocalEndPoint!);

    public bool IsOpen
    {
        get => _isOpen;
        set => _isOpen = value;
    }

    /// <summary>How many datagrams have passed, both ways.</summary>
    public long Passed => Interlocked.Read(ref _passed);

    /// <summary>The ports at which the target sees those who come this way.</summary>
    public IReadOnlyList<int> OutsidePorts => [.. _backs.Values.Select(static back => ((IPEndPoint)back.LocalEndPoint!).Port)];

    /// <summary>From now on the target sees whoever sends at another address, as after a change of networks.</summary>
    public void ChangeAddresses()
    {
        foreach (EndPoint client in _backs.Keys)
        {
            if (_backs.TryRemove(client, out Socket? back))
            {
                back.Dispose();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _front.Dispose();
        foreach (Socket back in _backs.Values)
        {
            back.Dispose();
        }

        await _running;
        await Task.WhenAll(_pumps);
    }

    private async Task RunAsync()
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await _front.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                Socket back = _backs.GetOrAdd(received.RemoteEndPoint, Open);
                if (_isOpen)
                {
                    Interlocked.Increment(ref _passed);
                    await PassAsync(back, buffer.AsMemory(0, received.ReceivedBytes));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async ValueTask PassAsync(Socket back, ReadOnlyMemory<byte> datagram)
    {
        try
        {
            await back.SendToAsync(datagram, SocketFlags.None, _target);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The target is not there, or the address has changed meanwhile: lost, as anything may be on its way.
        }
    }

    private Socket Open(EndPoint client)
    {
        var back = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        back.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _pumps.Add(PumpBackAsync(back, client));
        return back;
    }

    private async Task PumpBackAsync(Socket back, EndPoint client)
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received;
                try
                {
                    received = await back.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0));
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
                {
                    continue; // The target was not there a moment ago.
                }

                if (_isOpen)
                {
                    Interlocked.Increment(ref _passed);
                    await _front.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), SocketFlags.None, client);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
