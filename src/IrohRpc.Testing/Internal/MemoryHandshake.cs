using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Testing.Internal;

/// <summary>The acceptor's half of a handshake: from its admission to the listener's queue, within the handshake time-out.</summary>
internal sealed class MemoryHandshake(MemoryListener listener, MemoryLink link, MemoryDial dial)
{
    /// <summary>Answers the dialler within this call, then waits for its first record. Never throws.</summary>
    public async Task RunAsync()
    {
        if (!listener.TryEnter(link.DiallerAddress, out IHandshakeLease? lease, out string? reason))
        {
            Reject(listener.IsDisposed ? PeerErrorKind.Unreachable : PeerErrorKind.Refused, reason);
            return;
        }

        bool isQueued = false;
        try
        {
            isQueued = await ConnectAsync(lease).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            HandshakeLog.Failed(listener.Logger, link.DiallerAddress.ToString(), listener.LocalAddress.ToString(), exception.Message, null);
        }

        if (!isQueued)
        {
            listener.LeavePlace();
        }
    }

    private async Task<bool> ConnectAsync(IHandshakeLease? lease)
    {
        if (listener.Choose(dial.Alpns) is not { } alpn)
        {
            lease?.Dispose();
            Reject(PeerErrorKind.NoCommonAlpn, "it speaks none of the ALPNs offered");
            return false;
        }

        link.ToDialler.Send(() => dial.Welcome(listener.Id, alpn));
        QMuxConnection connection = QMuxConnection.Start(link.AcceptorEnd, new QMuxConnectionOptions
        {
            PeerId = link.Dialler,
            Alpn = alpn,
            IsDialler = false,
            Transport = MemoryTransport.TransportName,
            RemoteAddress = link.DiallerAddress,
            LocalAddress = link.AcceptorAddress,
            Settings = listener.Settings,
            Lease = lease,
            ShutdownSendAsync = link.AcceptorEnd.ShutdownSendAsync,
        });
        link.AcceptorConnection = connection;
        using var timeout = new CancellationTokenSource(listener.Settings.HandshakeTimeout, listener.Settings.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, listener.Stopping);
        try
        {
            if (await FirstFlight.WaitAsync(connection, either.Token).ConfigureAwait(false) is { } end)
            {
                throw end.ToException(link.Dialler);
            }

            lease?.HandshakeCompleted(connection);
            if (listener.TryEnqueue(connection))
            {
                return true;
            }
        }
        catch
        {
            link.Cut();
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        link.Cut();
        await connection.DisposeAsync().ConfigureAwait(false);
        return false;
    }

    private void Reject(PeerErrorKind kind, string reason)
    {
        HandshakeLog.Failed(listener.Logger, link.DiallerAddress.ToString(), listener.LocalAddress.ToString(), reason, null);
        link.ToDialler.Send(() => dial.Reject(kind, reason));
    }
}
