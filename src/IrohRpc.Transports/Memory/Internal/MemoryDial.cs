using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>The dialler's half of a handshake.</summary>
internal sealed class MemoryDial(MemoryLink link, DialRequest request) : IMemoryReceiver
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<MemoryConnection> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _over;

    public async ValueTask<PeerConnection> RunAsync(CancellationToken cancellationToken)
    {
        TransportSettings settings = request.Settings;
        link.ToDialler.DeliverTo(this);
        link.ToAcceptor.Enqueue(new MemoryFrame(MemoryFrameKind.Hello)
        {
            Payload = new MemoryHello(link.Dialler, [.. request.Alpns], MemoryLimits.Of(settings)),
        });
        link.ToAcceptor.Pump();
        try
        {
            return await _done.Task.WaitAsync(settings.HandshakeTimeout, settings.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            var timedOut = new PeerException(
                PeerErrorKind.TimedOut,
                $"Nobody answered at {link.AcceptorAddress} within the handshake time-out of {settings.HandshakeTimeout}.");
            if (!Fail(timedOut))
            {
                // It succeeded or failed on its own in the same instant; a connection that nobody gets must not live on.
                await DropAsync().ConfigureAwait(false);
            }

            if (exception is TimeoutException)
            {
                throw timedOut;
            }

            throw;
        }
    }

    public bool Receive(in MemoryFrame frame)
    {
        switch (frame.Payload)
        {
            case MemoryWelcome welcome:
                Welcomed(welcome);
                break;
            case MemoryRejection rejection:
                Fail(new PeerException(rejection.Kind, Explain(rejection)));
                break;
            default:
                frame.Release();
                break;
        }

        return false;
    }

    public void Heard()
    {
    }

    public void Lost() => Fail(new PeerException(
        PeerErrorKind.ConnectionLost, $"The connection to {link.AcceptorAddress} was lost during the handshake."));

    private void Welcomed(MemoryWelcome welcome)
    {
        if (welcome.Acceptor != request.PeerId)
        {
            Fail(new PeerException(
                PeerErrorKind.WrongPeer,
                $"Dialled {request.PeerId} at {link.AcceptorAddress}, where {welcome.Acceptor} answered; the address is out of date."));
            return;
        }

        lock (_gate)
        {
            if (_over)
            {
                return;
            }

            _over = true;
            link.ToAcceptor.Enqueue(new MemoryFrame(MemoryFrameKind.Finished));
        }

        var connection = new MemoryConnection(link, isDialler: true, welcome.Alpn, request.Settings, welcome.Limits, lease: null);
        link.ToDialler.DeliverTo(connection);
        connection.Start();
        link.ToAcceptor.Pump();
        _done.TrySetResult(connection);
    }

    private bool Fail(PeerException exception)
    {
        lock (_gate)
        {
            if (_over)
            {
                return false;
            }

            _over = true;
            link.ToAcceptor.Enqueue(new MemoryFrame(MemoryFrameKind.GiveUp));
        }

        link.ToAcceptor.Pump();
        _done.TrySetException(exception);
        _ = _done.Task.Exception;
        link.EndClosed();
        return true;
    }

    private async ValueTask DropAsync()
    {
        try
        {
            MemoryConnection connection = await _done.Task.ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        catch (PeerException)
        {
            // There is no connection to drop.
        }
    }

    private string Explain(MemoryRejection rejection)
    {
        string who = $"Peer {request.PeerId.ToShortString()} at {link.AcceptorAddress}";
        return rejection.Kind switch
        {
            PeerErrorKind.NoCommonAlpn => $"{who} speaks none of the ALPNs offered: {string.Join(", ", request.Alpns.Select(alpn => $"\"{alpn}\""))}.",
            PeerErrorKind.Unreachable => $"{who} could not be reached: {rejection.Reason}.",
            _ => $"{who} turned the connection away: {rejection.Reason}.",
        };
    }
}
