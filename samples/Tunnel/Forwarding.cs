using System.Diagnostics;
using System.Net.Sockets;
using IrohRpc;

namespace Tunnel;

/// <summary>One TCP connection carried over one bidirectional stream, both ways, until both ways have ended.</summary>
/// <remarks>
/// The end of data one way becomes the end of data at the other side (shutdown ↔ completed writes), and a reset becomes an abort. Each way
/// holds one buffer and reads only after its last write was taken, so that a slow reader slows the writer at the far end.
/// </remarks>
internal sealed class Forwarding(long id, string from, Socket socket, PeerStream stream)
{
    private readonly long _started = Stopwatch.GetTimestamp();

    // Each counter has one writer, its direction's loop; the view only reads.
    private long _bytesToPeer;
    private long _bytesFromPeer;
    private volatile bool _writesCompleted;

    public long Id => id;

    /// <summary>Who opened the connection: a TCP address at the connecting side, a peer at the listening one.</summary>
    public string From => from;

    public long BytesToPeer => Volatile.Read(ref _bytesToPeer);

    public long BytesFromPeer => Volatile.Read(ref _bytesFromPeer);

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Why the peer ended the stream, where it did so with a code.</summary>
    public long? PeerCode { get; private set; }

    /// <summary>Carries both ways until both have ended, and lets go of socket and stream. Never throws for what network or peer do.</summary>
    public async Task RunAsync()
    {
        Task toPeer = SocketToStreamAsync();
        if (await StreamToSocketAsync())
        {
            // The peer has said all. Whether it still listens, only the writing direction tells: a client that does not send would never
            // notice. Closing without a reset then leaves the client what it has not read yet, and answers its next byte with a reset.
            await Task.WhenAny(toPeer, stream.WritesClosed);
            socket.Dispose();
        }
        else
        {
            ResetSocket(socket);
        }

        await toPeer;
        await stream.DisposeAsync();
    }

    /// <summary>Closes a socket so that its other end sees a reset.</summary>
    public static void ResetSocket(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has gone already, which is what was wanted.
        }

        socket.Dispose();
    }

    private async Task SocketToStreamAsync()
    {
        using var buffer = new AdaptiveBuffer();
        try
        {
            while (true)
            {
                int count = await socket.ReceiveAsync(buffer.Memory);
                if (count == 0)
                {
                    _writesCompleted = true;
                    stream.CompleteWrites();
                    return;
                }

                await stream.WriteAsync(buffer.Memory[..count]);
                Volatile.Write(ref _bytesToPeer, _bytesToPeer + count);
                buffer.Adapt(count);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            AbortStream();
        }
        catch (PeerException)
        {
            // The peer takes no more. What it still has to say goes on: the other loop ends when that has ended.
        }
    }

    private async Task<bool> StreamToSocketAsync()
    {
        using var buffer = new AdaptiveBuffer();
        try
        {
            while (true)
            {
                int count = await stream.ReadAsync(buffer.Memory);
                if (count == 0)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    return true;
                }

                for (int sent = 0; sent < count;)
                {
                    sent += await socket.SendAsync(buffer.Memory[sent..count]);
                }

                Volatile.Write(ref _bytesFromPeer, _bytesFromPeer + count);
                buffer.Adapt(count);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            AbortStream();
            return false;
        }
        catch (PeerException exception)
        {
            PeerCode = exception.Kind == PeerErrorKind.StreamAborted ? exception.ErrorCode : null;
            return false;
        }
    }

    // A TCP reset ends both ways at once, so that both directions of the stream end with it; but what was said in full before is still to
    // be delivered.
    private void AbortStream()
    {
        if (!_writesCompleted)
        {
            stream.AbortWrite(TunnelProtocol.Reset);
        }

        stream.AbortRead(TunnelProtocol.Reset);
    }
}
