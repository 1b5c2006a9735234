using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Transports.Tls.Internal;

/// <summary>One incoming connection from its admission to the listener's queue, all within the handshake time-out.</summary>
internal sealed class TlsHandshake : IPendingHandshake
{
    private readonly TlsListener _listener;
    private readonly Socket _socket;
    private readonly TransportAddress _remote;
    private readonly IHandshakeLease? _lease;
    private readonly string _where;
    private readonly PeerAuthentication _authentication;
    private AlpnList _alpns = AlpnList.Empty;
    private volatile int _progress;
    private volatile bool _isGivenUp;
    private int _hasPlace = 1;

    /// <summary>Prepares the handshake, which owns the socket and the lease from here on.</summary>
    public TlsHandshake(TlsListener listener, Socket socket, TransportAddress remote, IHandshakeLease? lease)
    {
        _listener = listener;
        _socket = socket;
        _remote = remote;
        _lease = lease;
        _where = remote.Describe();
        _authentication = PeerAuthentication.ForAcceptor(listener.Settings, _where);
    }

    /// <inheritdoc/>
    public int Progress => _progress;

    /// <inheritdoc/>
    public bool IsWaitingForDialler
    {
        get
        {
            try
            {
                return _socket.Available == 0;
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It ends by itself.
                return false;
            }
        }
    }

    /// <inheritdoc/>
    public void GiveUp()
    {
        _isGivenUp = true;
        ReleasePlace();
        TlsSocket.Reset(_socket);
    }

    /// <summary>Gives the place in the listener's queue back, unless that has happened.</summary>
    public void ReleasePlace()
    {
        if (Interlocked.Exchange(ref _hasPlace, 0) == 1)
        {
            _listener.ReleasePlace();
        }
    }

    /// <summary>Shakes hands and queues the connection. Never throws: what goes wrong is logged.</summary>
    /// <param name="stopping">The listener's end.</param>
    /// <returns>Whether the connection was queued.</returns>
    public async Task<bool> RunAsync(CancellationToken stopping)
    {
        TransportSettings settings = _listener.Settings;
        using var timeout = new CancellationTokenSource(settings.HandshakeTimeout, settings.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            return await ConnectAsync(either.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a stranger makes the TLS stack throw costs that stranger's connection and nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string reason = _isGivenUp ? "its dialler was silent, and others wanted its place"
                : stopping.IsCancellationRequested ? "the listener was disposed of"
                : timeout.IsCancellationRequested ? $"it was not done within {settings.HandshakeTimeout.TotalSeconds:0.###} s"
                : (_authentication.Failure ?? exception.GetBaseException()).Message;
            HandshakeLog.Failed(_listener.Logger, _where, _listener.Where, reason, IsExpected(exception) ? null : exception);
            return false;
        }
    }

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        QMuxConnection connection = await AuthenticateAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await FirstFlight.WaitAsync(connection, cancellationToken).ConfigureAwait(false) is { } end)
            {
                throw end.ToException(connection.PeerId);
            }

            _lease?.HandshakeCompleted(connection);
            if (Interlocked.Exchange(ref _hasPlace, 0) == 1)
            {
                if (_listener.TryEnqueue(connection))
                {
                    return true;
                }

                _listener.ReleasePlace();
            }
        }
        catch
        {
            ResetIfCancelled(cancellationToken);
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        return false;
    }

    private async Task<QMuxConnection> AuthenticateAsync(CancellationToken cancellationToken)
    {
        var tls = new SslStream(new NetworkStream(_socket, ownsSocket: true), leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsServerAsync(ChooseOptions, this, cancellationToken).ConfigureAwait(false);

            _progress = 2;

            // A dialler that offers nothing gets through the TLS stack, which then has nothing to choose from.
            string alpn = _alpns.Find(tls.NegotiatedApplicationProtocol) ?? throw new PeerException(
                PeerErrorKind.NoCommonAlpn, $"The dialler at {_where} offered no ALPN.");
            return QMuxConnection.Start(tls, new QMuxConnectionOptions
            {
                PeerId = _authentication.PeerId,
                Alpn = alpn,
                IsDialler = false,
                Transport = TlsTransport.TransportName,
                RemoteAddress = _remote,
                LocalAddress = TlsSocket.ToAddress(_socket.LocalEndPoint),
                Settings = _listener.Settings,
                Lease = _lease,
                ShutdownSendAsync = _ => TlsSocket.ShutdownSendAsync(_socket),
            });
        }
        catch
        {
            ResetIfCancelled(cancellationToken);
            await tls.DisposeAsync().ConfigureAwait(false);
            _lease?.Dispose();
            throw;
        }
    }

    // Nothing that was said matters any more, unlike after a failure, whose alert or closing record must still get out.
    private void ResetIfCancelled(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            TlsSocket.Reset(_socket);
        }
    }

    private static ValueTask<SslServerAuthenticationOptions> ChooseOptions(
        SslStream stream, SslClientHelloInfo clientHello, object? state, CancellationToken cancellationToken)
    {
        var handshake = (TlsHandshake)state!;
        handshake._progress = 1;
        handshake._alpns = handshake._listener.Alpns;
        return ValueTask.FromResult(handshake._authentication.CreateServerOptions(handshake._alpns));
    }

    // The message says all there is to say of these; of anything else the log gets the stack too.
    private static bool IsExpected(Exception exception)
        => exception is AuthenticationException or IOException or SocketException or OperationCanceledException;
}
