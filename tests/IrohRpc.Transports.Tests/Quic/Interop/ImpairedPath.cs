using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>What happens to datagrams on an <see cref="ImpairedPath"/>, in either direction.</summary>
internal sealed record Impairment
{
    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The share that is lost.</summary>
    public double Loss { get; init; }

    /// <summary>The share of which a byte is changed.</summary>
    public double Corruption { get; init; }

    /// <summary>After so many datagrams nothing gets through for <see cref="BlackHole"/>.</summary>
    public int BlackHoleAfter { get; init; } = int.MaxValue;

    /// <summary>For how long nothing gets through.</summary>
    public TimeSpan BlackHole { get; init; }

    /// <summary>So many datagrams of the dialler are lost after its first, so that the acceptor does not learn whether it is there.</summary>
    public int LostAfterFirst { get; init; }
}

/// <summary>Stands between a dialler and a listener, and treats their datagrams badly.</summary>
internal sealed class ImpairedPath : IAsyncDisposable
{
    private readonly Socket _near;
    private readonly Socket _far;
    private readonly IPEndPoint _target;
    private readonly Impairment _impairment;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _work;
    private volatile EndPoint? _dialler;
    private long _carried;
    private int _fromDialler;
    private long _firstBytes;
    private long _answerBytes;
    private long _blackHoleEnd;

    public ImpairedPath(IPEndPoint target, Impairment impairment)
    {
        _target = target;
        _impairment = impairment;
        _near = Bind(target.Address);
        _far = Bind(target.Address);
        Address = (IPEndPoint)_near.LocalEndPoint!;
        _work = Task.WhenAll(PassAsync(_near, isFromDialler: true, new Random(1)), PassAsync(_far, isFromDialler: false, new Random(2)));
    }

    /// <summary>Where to dial.</summary>
    public IPEndPoint Address { get; }

    /// <summary>How many bytes of the dialler had got through while <see cref="Impairment.LostAfterFirst"/> kept the next ones back, and how many went to it.</summary>
    public (long Received, long Sent) BeforeValidation => (Volatile.Read(ref _firstBytes), Volatile.Read(ref _answerBytes));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _work;
        _near.Dispose();
        _far.Dispose();
        _stopping.Dispose();
    }

    private static Socket Bind(IPAddress address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private async Task PassAsync(Socket from, bool isFromDialler, Random random)
    {
        byte[] buffer = new byte[64 * 1024];
        List<Task> late = [];
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await from.ReceiveFromAsync(buffer, new IPEndPoint(_target.Address, 0), _stopping.Token);
                if (isFromDialler)
                {
                    _dialler = received.RemoteEndPoint;
                }

                if (IsKeptBack(isFromDialler, received.ReceivedBytes) || IsBlackHole() || random.NextDouble() < _impairment.Loss)
                {
                    continue;
                }

                byte[] datagram = buffer[..received.ReceivedBytes];
                if (random.NextDouble() < _impairment.Corruption)
                {
                    datagram[random.Next(datagram.Length)] ^= (byte)random.Next(1, 256);
                }

                if (_impairment.Delay == TimeSpan.Zero)
                {
                    await SendAsync(isFromDialler, datagram);
                }
                else
                {
                    late.RemoveAll(static task => task.IsCompleted);
                    late.Add(SendLaterAsync(isFromDialler, datagram));
                }
            }
            catch (Exception exception) when (exception is SocketException or OperationCanceledException)
            {
                // Somebody's port is closed by now, or the test is over.
            }
        }

        await Task.WhenAll(late);
    }

    private bool IsKeptBack(bool isFromDialler, int length)
    {
        if (_impairment.LostAfterFirst == 0)
        {
            return false;
        }

        int count = isFromDialler ? ++_fromDialler : Volatile.Read(ref _fromDialler);
        if (count <= 1 + _impairment.LostAfterFirst)
        {
            if (!isFromDialler)
            {
                Interlocked.Add(ref _answerBytes, length);
            }
            else if (count == 1)
            {
                Volatile.Write(ref _firstBytes, length);
            }
        }

        return isFromDialler && count > 1 && count <= 1 + _impairment.LostAfterFirst;
    }

    private bool IsBlackHole()
    {
        long carried = Interlocked.Increment(ref _carried);
        if (carried == _impairment.BlackHoleAfter)
        {
            Volatile.Write(ref _blackHoleEnd, Environment.TickCount64 + (long)_impairment.BlackHole.TotalMilliseconds);
        }

        return Environment.TickCount64 < Volatile.Read(ref _blackHoleEnd);
    }

    private async Task SendLaterAsync(bool isFromDialler, byte[] datagram)
    {
        try
        {
            await Task.Delay(_impairment.Delay, _stopping.Token);
            await SendAsync(isFromDialler, datagram);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
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
