using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace IrohRpc.Benchmarks.Systems.Emulated;

/// <summary>
/// Stands between diallers and a TCP listener on loopback, delays their bytes and lets no more of them pass than a path of 1 Gbit/s, each way.
/// </summary>
internal sealed class EmulatedTcpLink : IDisposable
{
    private const int PieceLength = 64 * 1024;
    private const int MostPieces = 256;
    private const double BytesPerSecond = 125e6;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly TimeSpan _oneWay;

    public EmulatedTcpLink(IPEndPoint target, LinkKind kind)
    {
        _target = target;
        _oneWay = kind.OneWay;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where to dial.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = RunAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The link is being taken down.
        }
    }

    private async Task RunAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        using (near)
        {
            try
            {
                await far.ConnectAsync(_target);
                await Task.WhenAll(CarryAsync(near, far), CarryAsync(far, near));
            }
            catch (SocketException)
            {
                // One side is gone, and the other learns of it by its socket.
            }
        }
    }

    private Task CarryAsync(Socket from, Socket to)
    {
        var waiting = Channel.CreateBounded<Piece>(new BoundedChannelOptions(MostPieces) { SingleReader = true, SingleWriter = true });
        return Task.WhenAll(ReceiveAsync(from, waiting.Writer), ReleaseAsync(to, waiting.Reader));
    }

    private static async Task ReceiveAsync(Socket from, ChannelWriter<Piece> waiting)
    {
        try
        {
            while (true)
            {
                byte[] bytes = ArrayPool<byte>.Shared.Rent(PieceLength);
                int length = await from.ReceiveAsync(bytes.AsMemory(0, PieceLength));
                if (length == 0)
                {
                    break;
                }

                await waiting.WriteAsync(new Piece(Stopwatch.GetTimestamp(), bytes, length));
            }
        }
        catch (SocketException)
        {
            // The side is gone.
        }

        waiting.Complete();
    }

    private async Task ReleaseAsync(Socket to, ChannelReader<Piece> waiting)
    {
        long free = 0;
        await foreach (Piece piece in waiting.ReadAllAsync())
        {
            // Timers are coarse: what is a little early goes at once, and the rate is kept by the schedule.
            long due = Math.Max(piece.Arrived + (long)(_oneWay.TotalSeconds * Stopwatch.Frequency), free);
            free = due + (long)(piece.Length / BytesPerSecond * Stopwatch.Frequency);
            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (left > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(left);
            }

            try
            {
                for (int sent = 0; sent < piece.Length;)
                {
                    sent += await to.SendAsync(piece.Bytes.AsMemory(sent, piece.Length - sent));
                }
            }
            catch (SocketException)
            {
                // The side is gone; what comes after is dropped.
            }

            ArrayPool<byte>.Shared.Return(piece.Bytes);
        }

        try
        {
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The side is gone.
        }
    }

    private readonly record struct Piece(long Arrived, byte[] Bytes, int Length);
}
