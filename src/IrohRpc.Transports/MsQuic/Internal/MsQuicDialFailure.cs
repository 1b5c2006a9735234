using System.Net.Quic;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Authentication;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>Says what went wrong with a dial: the kind for programs, the sentence for people.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicDialFailure
{
    private readonly string _where;
    private readonly EndpointId _peer;
    private readonly AlpnList _alpns;

    /// <summary>Prepares the sentences for one dial.</summary>
    /// <param name="where">The address, as in <c>msquic 127.0.0.1:4433</c>.</param>
    /// <param name="peer">Who was dialled.</param>
    /// <param name="alpns">What was offered.</param>
    public MsQuicDialFailure(string where, EndpointId peer, AlpnList alpns)
    {
        _where = where;
        _peer = peer;
        _alpns = alpns;
    }

    private string Who => $"peer {_peer.ToShortString()} at {_where}";

    /// <summary>The time-out of the whole dial struck.</summary>
    /// <param name="timeout">The time-out.</param>
    /// <param name="stage">What the dial was waiting for.</param>
    /// <param name="inner">What the wait threw.</param>
    public PeerException TimedOut(TimeSpan timeout, string stage, Exception? inner) => new(
        PeerErrorKind.TimedOut,
        $"Dialling {Who} timed out after {timeout.TotalSeconds:0.###} s, while {stage}. Is the peer running, and does the network let UDP "
        + "through?",
        inner);

    /// <summary>The handshake failed, or the connection ended before the acceptor had said that it took it.</summary>
    /// <param name="exception">What System.Net.Quic threw.</param>
    /// <param name="authentication">What was found out about the peer meanwhile.</param>
    public PeerException From(Exception exception, PeerAuthentication authentication)
    {
        if (authentication.Failure is { } failure)
        {
            return failure;
        }

        if (MsQuicFailure.FindAlert(exception) is { } alert)
        {
            return FromAlert(alert, exception);
        }

        return exception switch
        {
            SocketException socket => new(
                PeerErrorKind.Unreachable,
                $"Dialling {Who} failed: nothing listens there, or no way leads there ({socket.SocketErrorCode}). Is the peer running, and "
                + "the ticket up to date?",
                exception),
            QuicException { QuicError: QuicError.ConnectionTimeout or QuicError.ConnectionIdle } => new(
                PeerErrorKind.TimedOut, $"Dialling {Who} timed out: it stopped answering during the handshake.", exception),
            QuicException { QuicError: QuicError.ConnectionRefused or QuicError.OperationAborted } => Refused(exception),
            QuicException { ApplicationErrorCode: MsQuicTransport.RefusedErrorCode } => Refused(exception),
            AuthenticationException => new(
                PeerErrorKind.AuthenticationFailed, $"Dialling {Who} failed: {exception.Message}", exception),
            _ => new(PeerErrorKind.ConnectionLost, $"Dialling {Who} failed: {exception.Message}", exception),
        };
    }

    /// <summary>The connection ended before the acceptor had said that it took it.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="authentication">What was found out about the peer meanwhile.</param>
    public PeerException FromEnd(ConnectionEnd end, PeerAuthentication authentication)
    {
        if (end.Exception is { } exception)
        {
            return From(exception, authentication);
        }

        return end.ToException(_peer);
    }

    private PeerException FromAlert(int alert, Exception exception) => alert switch
    {
        TlsAlert.NoApplicationProtocol => new(
            PeerErrorKind.NoCommonAlpn, $"Peer {_peer.ToShortString()} at {_where} speaks none of the offered ALPNs: {_alpns}.", exception),
        MsQuicFailure.UserCanceledAlert => Refused(exception),
        _ when TlsAlert.RefusesCertificate(alert) => new(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling {Who} failed: it refused this endpoint's certificate (TLS alert {TlsAlert.Describe(alert)}). Do both clocks agree?",
            exception),
        _ => new(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling {Who} failed: it broke off the TLS handshake (TLS alert {TlsAlert.Describe(alert)}).",
            exception),
    };

    private PeerException Refused(Exception exception) => new(
        PeerErrorKind.Refused,
        $"Dialling {Who} failed: it is there and turned the connection away. Either it serves nothing yet (its router has not been started), or its admission rules or limits do not let this side in, "
        + "or it is shutting down.",
        exception);
}
