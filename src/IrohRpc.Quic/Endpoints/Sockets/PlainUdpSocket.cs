using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>A socket with nothing but the class library: one datagram in one call.</summary>
internal sealed class PlainUdpSocket : UdpSocket
{
    private const int MaxDatagramsPerReceive = 32;

    // Windows waits with select, which takes sockets only; a datagram to this one ends the wait.
    private readonly Socket _waker = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly SocketAddress _wakerAddress;
    private readonly SocketAddress _source;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(ushort.MaxValue, pinned: true);
    private readonly List<Socket> _ready = new(2);
    private int _isWoken;

    [ThreadStatic]
    private static SocketAddress? _destination4;

    [ThreadStatic]
    private static SocketAddress? _destination6;

    /// <summary>Takes over a bound socket.</summary>
    public PlainUdpSocket(Socket socket)
        : base(socket)
    {
        socket.Blocking = false;
        _source = new SocketAddress(socket.AddressFamily);
        _waker.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _waker.Blocking = false;
        _wakerAddress = _waker.LocalEndPoint!.Serialize();
    }

    /// <inheritdoc/>
    public override int MaxSegments => 1;

    /// <inheritdoc/>
    public override bool SupportsEcn => false;

    /// <inheritdoc/>
    public override void Wait(TimeSpan? timeout)
    {
        _ready.Clear();
        _ready.Add(Socket);
        _ready.Add(_waker);
        int microseconds = timeout is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalMicroseconds), 0, int.MaxValue) : -1;
        try
        {
            Socket.Select(_ready, null, null, microseconds);
        }
        catch (SocketException)
        {
            // Whatever it is, receiving will meet it too.
        }

        if (Interlocked.Exchange(ref _isWoken, 0) != 0)
        {
            Span<byte> one = stackalloc byte[1];
            while (TryReceive(_waker, one, new SocketAddress(AddressFamily.InterNetwork)) > 0)
            {
                // Only its arrival counts.
            }
        }
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            TrySend(_waker, [1], _wakerAddress);
        }
    }

    /// <inheritdoc/>
    public override bool Receive(IDatagramReceiver receiver)
    {
        for (int i = 0; i < MaxDatagramsPerReceive; i++)
        {
            int length = TryReceive(Socket, _buffer, _source);
            if (length < 0)
            {
                return false;
            }

            receiver.Receive(_buffer.AsSpan(0, length), new NetworkPath(UdpAddressEncoding.Read(_source), LocalAddress), EcnCodepoint.NotEct);
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination)
    {
        SocketAddress address = Socket.AddressFamily == AddressFamily.InterNetworkV6
            ? _destination6 ??= new SocketAddress(AddressFamily.InterNetworkV6)
            : _destination4 ??= new SocketAddress(AddressFamily.InterNetwork);
        UdpAddressEncoding.Write(address, destination.Path.Remote);
        for (int length = destination.SegmentLength; !datagrams.IsEmpty; datagrams = datagrams[Math.Min(length, datagrams.Length)..])
        {
            TrySend(Socket, datagrams[..Math.Min(length, datagrams.Length)], address);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _waker.Dispose();
    }

    private static int TryReceive(Socket socket, Span<byte> buffer, SocketAddress source)
    {
        try
        {
            return socket.ReceiveFrom(buffer, SocketFlags.None, source);
        }
        catch (SocketException exception)
        {
            // An ICMP message, or a datagram too long for any of ours: the next one is as good as any.
            return exception.SocketErrorCode is SocketError.WouldBlock ? -1 : exception.SocketErrorCode is SocketError.MessageSize ? 0 : -1;
        }
    }

    private static void TrySend(Socket socket, ReadOnlySpan<byte> datagram, SocketAddress destination)
    {
        try
        {
            socket.SendTo(datagram, SocketFlags.None, destination);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Too long for the path, no route, no room: the same as lost on the way.
        }
    }
}
