using System.Net.Sockets;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Tls.Internal;

/// <summary>Says what went wrong with a dial over TCP and TLS: the kind for programs, the sentence for people.</summary>
internal sealed class TlsDialFailure(string where, EndpointId peer, AlpnList alpns) : DialAttemptFailure(where, peer, alpns)
{
    /// <summary>No TCP connection came about.</summary>
    /// <param name="exception">What the socket threw.</param>
    public PeerException FromConnect(SocketException exception) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new PeerException(
            PeerErrorKind.Unreachable,
            $"Dialling {Who} failed: nothing listens there. Is the peer running, and the ticket up to date?",
            exception),
        SocketError.TimedOut => new PeerException(
            PeerErrorKind.TimedOut,
            $"Dialling {Who} timed out in the network: no answer to the TCP handshake.",
            exception),

        // A reset that overtakes the end of connect comes from somebody who accepted and thought better of it.
        SocketError.ConnectionReset or SocketError.ConnectionAborted => TurnedAway(exception),
        _ => new PeerException(
            PeerErrorKind.Unreachable, $"Dialling {Who} failed: {exception.Message} ({exception.SocketErrorCode}).", exception),
    };

    /// <summary>The TLS handshake failed.</summary>
    /// <param name="exception">What the TLS stack or the socket threw.</param>
    /// <param name="authentication">What was found out about the peer meanwhile.</param>
    public PeerException FromHandshake(Exception exception, PeerAuthentication authentication)
    {
        if (authentication.Failure is { } failure)
        {
            return failure;
        }

        if (TlsAlert.Find(exception) is { } alert)
        {
            return FromAlert(alert, exception);
        }

        return exception is IOException or SocketException
            ? TurnedAway(exception)
            : new PeerException(
                PeerErrorKind.AuthenticationFailed,
                $"Dialling {Who} failed: what answers there does not speak TLS 1.3 as a peer does ({Innermost(exception)}).",
                exception);
    }

    /// <summary>The TLS handshake is done at this end and the connection ended before the acceptor spoke.</summary>
    /// <param name="end">How it ended.</param>
    public PeerException FromFirstFlight(ConnectionEnd end)
    {
        if (end.Kind != PeerErrorKind.ConnectionLost)
        {
            return FromEnd(end);
        }

        if (end.Exception is { } exception && TlsAlert.Find(exception) is { } alert)
        {
            return FromAlert(alert, exception);
        }

        // The acceptor judges this end's certificate after the dialler's handshake is done (RFC 8446, section 2), and SslStream on
        // OpenSSL refuses it by closing without an alert.
        return new PeerException(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling {Who} failed: it proved who it is and closed the connection before its first word. It refused this endpoint's "
            + "certificate (do both clocks agree?) or is shutting down; its log at debug level says which.",
            end.Exception);
    }

    private PeerException TurnedAway(Exception exception) => new(
        PeerErrorKind.Refused,
        $"Dialling {Who} failed: the connection was accepted and dropped during the handshake. The peer serves nothing yet (its router has not been started), its admission rules or limits "
        + "turned it away, or something else listens there.",
        exception);

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
