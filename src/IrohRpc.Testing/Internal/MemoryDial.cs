using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Testing.Internal;

/// <summary>The dialler's half of a handshake: a greeting, its answer, and then the acceptor's first record, all within the handshake time-out.</summary>
internal sealed class MemoryDial
{
    private readonly MemoryLink _link;
    private readonly DialRequest _request;
    private readonly TaskCompletionSource<QMuxConnection> _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MemoryDial(MemoryLink link, DialRequest request)
    {
        _link = link;
        _request = request;
        Alpns = AlpnList.ForDialler(request.Alpns).Names;
        link.WasCut = () => _welcomed.TrySetException(Lost());
    }

    public IReadOnlyList<string> Alpns { get; }

    public async ValueTask<PeerConnection> RunAsync(MemoryListener listener, CancellationToken cancellationToken)
    {
        TransportSettings settings = _request.Settings;
        _link.ToAcceptor.Send(() => _ = new MemoryHandshake(listener, _link, this).RunAsync());
        try
        {
            return await DialDeadline.RunAsync(
                settings,
                ConnectAsync,
                exception => new PeerException(
                    PeerErrorKind.TimedOut, $"Nobody answered at {_link.AcceptorAddress} within the handshake time-out of {settings.HandshakeTimeout}.", exception),
                cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // A connection that nobody gets must not live on, whichever end has it already.
            _link.Cut();
            throw;
        }
        finally
        {
            _ = _welcomed.Task.Exception;
        }
    }

    /// <summary>The acceptor takes the connection.</summary>
    public void Welcome(EndpointId acceptor, string alpn)
    {
        if (acceptor != _request.PeerId)
        {
            _welcomed.TrySetException(new PeerException(
                PeerErrorKind.WrongPeer, $"Dialled {_request.PeerId} at {_link.AcceptorAddress}, where {acceptor} answered; the address is out of date."));
            return;
        }

        if (_welcomed.Task.IsCompleted)
        {
            return;
        }

        QMuxConnection connection = QMuxConnection.Start(_link.DiallerEnd, new QMuxConnectionOptions
        {
            PeerId = acceptor,
            Alpn = alpn,
            IsDialler = true,
            Transport = MemoryTransport.TransportName,
            RemoteAddress = _link.AcceptorAddress,
            LocalAddress = _link.DiallerAddress,
            Settings = _request.Settings,
            ShutdownSendAsync = _link.DiallerEnd.ShutdownSendAsync,
        });
        _link.DiallerConnection = connection;
        _welcomed.TrySetResult(connection);
    }

    /// <summary>The acceptor turns the connection away.</summary>
    public void Reject(PeerErrorKind kind, string reason)
    {
        string who = $"Peer {_request.PeerId.ToShortString()} at {_link.AcceptorAddress}";
        _welcomed.TrySetException(new PeerException(kind, kind switch
        {
            PeerErrorKind.NoCommonAlpn => $"{who} speaks none of the ALPNs offered: {string.Join(", ", Alpns.Select(alpn => $"\"{alpn}\""))}.",
            PeerErrorKind.Unreachable => $"{who} could not be reached: {reason}.",
            _ => $"{who} turned the connection away: {reason}.",
        }));
    }

    private async Task<PeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        QMuxConnection connection = await _welcomed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        ConnectionEnd? end = await FirstFlight.WaitAsync(connection, cancellationToken).ConfigureAwait(false);
        return end is null ? connection : throw end.ToException(_request.PeerId);
    }

    private PeerException Lost() => new(PeerErrorKind.ConnectionLost, $"The connection to {_link.AcceptorAddress} was lost during the handshake.");
}
