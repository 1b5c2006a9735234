using IrohRpc.Identity.Internal;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>Says what went wrong with a dial: the kind for programs, the sentence for people.</summary>
internal sealed class QuicDialFailure
{
    private readonly string _where;
    private readonly EndpointId _peer;
    private readonly AlpnList _alpns;

    /// <summary>Prepares the sentences for one dial.</summary>
    /// <param name="where">The address, as in <c>quic 127.0.0.1:4433</c>.</param>
    /// <param name="peer">Who was dialled.</param>
    /// <param name="alpns">What was offered.</param>
    public QuicDialFailure(string where, EndpointId peer, AlpnList alpns)
    {
        _where = where;
        _peer = peer;
        _alpns = alpns;
    }

    private string Who => $"peer {_peer.ToShortString()} at {_where}";

    /// <summary>Nothing could be sent, or the network said that nobody is there.</summary>
    public PeerException Unreachable(Exception? exception) => new(
        PeerErrorKind.Unreachable,
        $"Dialling {Who} failed: nothing listens there, or no way leads there. Is the peer running, and the ticket up to date?",
        exception);

    /// <summary>The handshake failed.</summary>
    /// <param name="close">How.</param>
    /// <param name="timeout">How long it could have taken.</param>
    public PeerException From(ConnectionClose close, TimeSpan timeout) => close switch
    {
        { Exception: EndpointUnreachableException exception } => Unreachable(exception),
        { Exception: TlsAlertException { ClaimedPeer: { } seen } exception } => new PeerException(
            PeerErrorKind.WrongPeer,
            WrongPeerText.Describe(_where, seen, _peer),
            exception),
        { Kind: ConnectionCloseKind.Violation, Exception: TlsAlertException exception } => FromAlert(exception),
        { Kind: ConnectionCloseKind.FailedByPeer, TlsAlert: { } alert } => FromAlert(alert),
        { Kind: ConnectionCloseKind.FailedByPeer, IsApplication: false, ErrorCode: (long)TransportErrorCode.ConnectionRefused } => Refused(),
        { Kind: ConnectionCloseKind.ClosedByPeer } => Refused(),
        { Kind: ConnectionCloseKind.HandshakeTimeout or ConnectionCloseKind.IdleTimeout } => new PeerException(
            PeerErrorKind.TimedOut,
            $"Dialling {Who} timed out after {timeout.TotalSeconds:0.###} s. Is the peer running, and does the network let UDP through?"),
        { Kind: ConnectionCloseKind.ClosedLocally } => new PeerException(PeerErrorKind.ClosedLocally, $"Dialling {Who} was given up."),
        _ => new PeerException(
            PeerErrorKind.ProtocolViolation,
            $"Dialling {Who} failed: {(close.Reason.Length == 0 ? $"QUIC error 0x{close.ErrorCode:x}" : PeerText.Escape(close.Reason))}",
            close.ErrorCode,
            close.Exception),
    };

    private PeerException FromAlert(TlsAlertException exception) => exception.Alert == AlertDescription.NoApplicationProtocol
        ? NoCommonAlpn(exception)
        : new PeerException(PeerErrorKind.AuthenticationFailed, $"Dialling {Who} failed: {exception.Message}", exception);

    private PeerException FromAlert(byte alert) => alert switch
    {
        (byte)AlertDescription.NoApplicationProtocol => NoCommonAlpn(null),
        (byte)AlertDescription.AccessDenied => Refused(),
        _ when TlsAlert.RefusesCertificate(alert) => new PeerException(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling {Who} failed: it refused this endpoint's proof of identity (TLS alert {TlsAlert.Describe(alert)})."),
        _ => new PeerException(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling {Who} failed: it broke off the TLS handshake (TLS alert {TlsAlert.Describe(alert)})."),
    };

    private PeerException NoCommonAlpn(Exception? exception) => new(
        PeerErrorKind.NoCommonAlpn, $"Peer {_peer.ToShortString()} at {_where} speaks none of the offered ALPNs: {_alpns}.", exception);

    private PeerException Refused() => new(
        PeerErrorKind.Refused,
        $"Dialling {Who} failed: it is there and turned the connection away. Either it serves nothing yet (its router has not been started), or its admission rules or limits do not let this side in, "
        + "or it is shutting down.");
}
