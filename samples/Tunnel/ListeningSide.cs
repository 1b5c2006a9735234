using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using IrohRpc;

namespace Tunnel;

/// <summary>The side next to the service: opens a TCP connection for every stream of a peer.</summary>
internal sealed class ListeningSide(ServiceAddress service, byte[] secret, ForwardingSet forwardings, ITunnelView view, TimeSpan drainLimit)
    : IProtocolHandler
{
    private static readonly TimeSpan ProofTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Serves one peer for as long as it is connected. When told to stop, lets what is under way finish.</summary>
    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        string peer = connection.PeerId.ToShortString();
        if (!await HasSecretAsync(connection, cancellationToken))
        {
            view.Trouble($"peer {peer} at {connection.RemoteAddress} was turned away: it does not have the ticket");
            await connection.CloseAsync(TunnelProtocol.NotAdmitted, "this tunnel opens for its ticket only", CancellationToken.None);
            return;
        }

        view.Line($"peer {peer} connected from {connection.RemoteAddress} over {connection.Transport}");
        var serving = new TaskSet();
        Task accepting = AcceptStreamsAsync(connection, serving, cancellationToken);
        Task goodbye = Goodbye.HearAsync(connection);
        await SayServiceAsync(connection);

        await goodbye.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        bool isPeerLeaving = goodbye.IsCompleted;
        await serving.DrainAsync(drainLimit);
        if (!isPeerLeaving)
        {
            await Goodbye.SayAsync(connection);
        }

        await connection.CloseAsync(ConnectionErrorCodes.NoError, "the tunnel was closed", CancellationToken.None);
        await accepting;
        ConnectionEnd end = await connection.Closed;
        view.Line(end.ErrorCode == ConnectionErrorCodes.NoError
            ? $"peer {peer} is gone"
            : $"peer {peer} is gone: {end.ToException(connection.PeerId).Message}");
    }

    // Before it has shown the secret, a peer learns nothing, and nothing that it opens is looked at.
    private async Task<bool> HasSecretAsync(PeerConnection connection, CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(ProofTimeout);
        try
        {
            await using PeerStream proof = await connection.AcceptUnidirectionalStreamAsync(timeout.Token);
            byte[] shown = new byte[TunnelTicket.SecretSize + 1];
            int length = await proof.ReadAtLeastAsync(shown, shown.Length, throwOnEndOfStream: false, timeout.Token);
            return CryptographicOperations.FixedTimeEquals(shown.AsSpan(0, length), secret);
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task AcceptStreamsAsync(PeerConnection connection, TaskSet serving, CancellationToken stop)
    {
        string peer = connection.PeerId.ToShortString();
        try
        {
            while (true)
            {
                PeerStream stream = await connection.AcceptBidirectionalStreamAsync(CancellationToken.None);
                serving.Own(ServeAsync(peer, stream, stop));
            }
        }
        catch (PeerException)
        {
            // The connection has ended.
        }
    }

    private async Task SayServiceAsync(PeerConnection connection)
    {
        try
        {
            await using PeerStream hello = await connection.OpenUnidirectionalStreamAsync(CancellationToken.None);
            await hello.WriteAsync(Encoding.UTF8.GetBytes(service.ToString()), completeWrites: true, CancellationToken.None);
        }
        catch (PeerException)
        {
            // The connection has ended, which the caller sees for itself.
        }
    }

    private async Task ServeAsync(string peer, PeerStream stream, CancellationToken stop)
    {
        long code = TunnelProtocol.BadOpening;
        try
        {
            byte[] opening = new byte[1];
            if (await stream.ReadAsync(opening, stop) == 1 && opening[0] == TunnelProtocol.Opening)
            {
                code = TunnelProtocol.GoingAway;
                Socket socket = await service.ConnectAsync(stop);
                await forwardings.ForwardAsync(peer, socket, stream);
                return;
            }
        }
        catch (SocketException exception)
        {
            code = TunnelProtocol.CodeFor(exception.SocketErrorCode);
            view.Trouble($"cannot reach {service} for peer {peer}: {exception.Message}");
        }
        catch (OperationCanceledException)
        {
            code = TunnelProtocol.GoingAway;
        }
        catch (PeerException)
        {
            // The peer has gone or given up: there is nobody to tell.
        }

        stream.AbortWrite(code);
        stream.AbortRead(code);
        await stream.DisposeAsync();
    }
}
