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
internal sealed class MsQuicDialFailure(string where, EndpointId peer, AlpnList alpns) : DialAttemptFailure(where, peer, alpns)
{
    protected override string TimeoutHint => " Is the peer running, and does the network let UDP through?";

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
            return alert == MsQuicFailure.UserCanceledAlert ? Refused(exception) : FromAlert(alert, exception);
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

        return FromEnd(end);
    }

    private PeerException Refused(Exception exception) => new(
        PeerErrorKind.Refused,
        $"Dialling {Who} failed: it is there and turned the connection away. Either it serves nothing yet (its router has not been started), or its admission rules or limits do not let this side in, "
        + "or it is shutting down.",
        exception);
}
