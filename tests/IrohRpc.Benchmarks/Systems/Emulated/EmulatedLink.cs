using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Benchmarks.Systems.Emulated;

/// <summary>Stands between one dialler and a listener on loopback, delays their datagrams and loses some. Threads of its own do the work.</summary>
internal sealed class EmulatedLink : IDisposable
{
    // SO_RCVBUFFORCE: a burst of a whole window must not be lost here, where the limit for ordinary users would be.
    private const int SocketLevel = 1;
    private const int ForceReceiveBuffer = 33;
    private const int BufferSize = 32 << 20;

    // What Ethernet carries over IPv4.
    private const int MaxLength = 1472;

    private readonly LinkKind _kind;
    private readonly Socket _near = Bind();
    private readonly Socket _far = Bind();
    private readonly IPEndPoint _target;
    private volatile SocketAddress? _dialler;
    private volatile bool _isStopped;

    public EmulatedLink(IPEndPoint target, LinkKind kind)
    {
        _target = target;
        _kind = kind;
        Address = (IPEndPoint)_near.LocalEndPoint!;
        Start(_near, isFromDialler: true, new Random(1));
        Start(_far, isFromDialler: false, new Random(2));
    }

    /// <summary>Where to dial.</summary>
    public IPEndPoint Address { get; }

    public void Dispose()
    {
        _isStopped = true;
        _near.Dispose();
        _far.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = BufferSize, SendBufferSize = BufferSize };
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            socket.SetRawSocketOption(SocketLevel, ForceReceiveBuffer, BitConverter.GetBytes(BufferSize));
        }

        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private void Start(Socket from, bool isFromDialler, Random random)
    {
        var waiting = new BlockingCollection<(long Due, byte[] Datagram, int Length)>();
        new Thread(() => Receive(from, isFromDialler, random, waiting)) { IsBackground = true }.Start();
        new Thread(() => Release(isFromDialler, waiting)) { IsBackground = true }.Start();
    }

    private void Receive(Socket from, bool isFromDialler, Random random, BlockingCollection<(long Due, byte[] Datagram, int Length)> waiting)
    {
        var sender = new SocketAddress(AddressFamily.InterNetwork);
        long delay = (long)(_kind.OneWay.TotalSeconds * Stopwatch.Frequency);
        while (!_isStopped)
        {
            try
            {
                byte[] datagram = System.Buffers.ArrayPool<byte>.Shared.Rent(2048);
                int length = from.ReceiveFrom(datagram, SocketFlags.None, sender);
                if (isFromDialler && _dialler is null)
                {
                    _dialler = sender;
                    sender = new SocketAddress(AddressFamily.InterNetwork);
                }

                if (random.NextDouble() >= _kind.Loss && length <= MaxLength)
                {
                    waiting.Add((Stopwatch.GetTimestamp() + delay, datagram, length));
                }
            }
            catch (SocketException)
            {
                // The link is being taken down, or a side has closed its port.
            }
            catch (ObjectDisposedException)
            {
                break;
            }
        }

        waiting.CompleteAdding();
    }

    private void Release(bool isFromDialler, BlockingCollection<(long Due, byte[] Datagram, int Length)> waiting)
    {
        SocketAddress target = _target.Serialize();
        foreach ((long due, byte[] datagram, int length) in waiting.GetConsumingEnumerable())
        {
            while (Stopwatch.GetTimestamp() < due)
            {
                Thread.Sleep(1);
            }

            try
            {
                if (isFromDialler)
                {
                    _far.SendTo(datagram.AsSpan(0, length), SocketFlags.None, target);
                }
                else if (_dialler is { } dialler)
                {
                    _near.SendTo(datagram.AsSpan(0, length), SocketFlags.None, dialler);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The link is being taken down, or a side has closed its port.
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(datagram);
        }
    }
}
