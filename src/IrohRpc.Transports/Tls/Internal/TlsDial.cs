using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Transports.Tls.Internal;

/// <summary>One attempt to reach a peer: TCP, TLS, the first QMux record, all within the handshake time-out.</summary>
internal sealed class TlsDial : DialAttempt<TlsDialFailure>
{
    private readonly IPEndPoint _endPoint;

    public TlsDial(TransportAddress address, IPEndPoint endPoint, DialRequest request)
        : base(address, request, "connecting", static (where, peer, alpns) => new TlsDialFailure(where, peer, alpns)) => _endPoint = endPoint;

    protected override async Task<PeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        Socket socket = await ConnectSocketAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await AuthenticateAsync(socket, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // At once and without a goodbye: there is nobody to say it to, or nobody who may hear it.
            TlsSocket.Reset(socket);
            throw;
        }
    }

    private async Task<Socket> ConnectSocketAsync(CancellationToken cancellationToken)
    {
        Socket? socket = null;
        try
        {
            socket = TlsSocket.Create(_endPoint.AddressFamily);
            await socket.ConnectAsync(_endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch (Exception exception)
        {
            socket?.Dispose();
            if (exception is SocketException refusal && !cancellationToken.IsCancellationRequested)
            {
                throw Failure.FromConnect(refusal);
            }

            throw;
        }
    }

    private async Task<PeerConnection> AuthenticateAsync(Socket socket, CancellationToken cancellationToken)
    {
        Stage = "shaking hands in TLS";
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        QMuxConnection connection;
        try
        {
            await ShakeHandsAsync(tls, cancellationToken).ConfigureAwait(false);

            // The draft asks for ALPNs of QMux's own, so that DNS can tell them from QUIC's; here an address names its transport
            // already, and an ALPN means the same on each.
            string alpn = Alpns.Find(tls.NegotiatedApplicationProtocol) ?? throw Failure.NoCommonAlpn(null);
            connection = QMuxConnection.Start(tls, new QMuxConnectionOptions
            {
                PeerId = Authentication.PeerId,
                Alpn = alpn,
                IsDialler = true,
                Transport = TlsTransport.TransportName,
                RemoteAddress = Address,
                LocalAddress = TlsSocket.ToAddress(socket.LocalEndPoint),
                Settings = Request.Settings,
                ShutdownSendAsync = _ => TlsSocket.ShutdownSendAsync(socket),
            });
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        try
        {
            Stage = "waiting for its first record";
            ConnectionEnd? end = await FirstFlight.WaitAsync(connection, cancellationToken).ConfigureAwait(false);
            return end is null ? connection : throw Failure.FromFirstFlight(end);
        }
        catch
        {
            TlsSocket.Reset(socket);
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task ShakeHandsAsync(SslStream tls, CancellationToken cancellationToken)
    {
        try
        {
            await tls.AuthenticateAsClientAsync(Authentication.CreateClientOptions(Alpns), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (
            !cancellationToken.IsCancellationRequested && exception is AuthenticationException or IOException or SocketException)
        {
            throw Failure.FromHandshake(exception, Authentication);
        }
    }
}
