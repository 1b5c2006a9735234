using System.Net;
using System.Net.Sockets;
using IrohRpc;

namespace Tunnel;

/// <summary>The side next to the clients: takes TCP connections and opens a stream of the shared connection for each.</summary>
internal sealed class ConnectingSide(SharedConnection shared, TaskSet clients, ForwardingSet forwardings, ITunnelView view)
{
    private const int Backlog = 4096;

    /// <summary>Listens on loopback.</summary>
    /// <param name="port">The TCP port; zero for any free one.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(Backlog);
            return listener;
        }
        catch (SocketException exception)
        {
            listener.Dispose();
            throw new IOException($"cannot listen at 127.0.0.1:{port}: {exception.Message}", exception);
        }
    }

    /// <summary>Takes connections until told to stop. Those that are under way then go on, for the set of clients to drain.</summary>
    public async Task RunAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Socket client = await listener.AcceptAsync(cancellationToken);
                clients.Own(ForwardAsync(client, cancellationToken));
            }
            catch (SocketException exception)
            {
                // A client that left the queue again, or no file descriptor left; neither ends the tunnel.
                view.Trouble($"cannot accept a connection: {exception.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(Socket client, CancellationToken cancellationToken)
    {
        try
        {
            client.NoDelay = true;
            string from = client.RemoteEndPoint?.ToString() ?? "";
            (TunnelSession session, PeerStream stream) = await OpenAsync(cancellationToken);
            long? code = await forwardings.ForwardAsync(from, client, stream);
            if (TunnelProtocol.Explain(code, session.Service) is { } explanation)
            {
                view.Trouble(explanation);
            }
        }
        catch (PeerException exception)
        {
            view.Trouble(exception.Message);
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The tunnel stops, or the client has gone already.
        }
        finally
        {
            // After an ordinary end the socket is closed already; otherwise the client must not take this for the end of the data.
            Forwarding.ResetSocket(client);
        }
    }

    private async Task<(TunnelSession Session, PeerStream Stream)> OpenAsync(CancellationToken cancellationToken)
    {
        TunnelSession session = await shared.GetAsync(cancellationToken);
        try
        {
            return (session, await OpenStreamAsync(session.Connection, cancellationToken));
        }
        catch (PeerException) when (session.Connection.Closed.IsCompleted)
        {
            // The connection ended after it was handed out. Nothing of the client's was sent, so that another one does as well.
            session = await shared.GetAsync(cancellationToken);
            return (session, await OpenStreamAsync(session.Connection, cancellationToken));
        }
    }

    private static async Task<PeerStream> OpenStreamAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(new[] { TunnelProtocol.Opening }, cancellationToken);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }
}
