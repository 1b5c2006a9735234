using System.Net.Sockets;

using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Tls.Internal;

/// <summary>Says what went wrong with a dial over TCP and TLS: the kind for programs, the sentence for people.</summary>
internal sealed class TlsDialFailure
{
    private readonly string _where;
    private readonly EndpointId _peer;
    private readonly AlpnList _alpns;

    /// <summary>Prepares the sentences for one dial.</summary>
    /// <param name="where">The address, as in <c>tls 127.0.0.1:4433</c>.</param>
    /// <param name="peer">Who was dialled.</param>
    /// <param name="alpns">What was offered.</param>
    public TlsDialFailure(string where, EndpointId peer, AlpnList alpns)
    {
        _where = where;
        _peer = peer;
        _alpns = alpns;
    }

    /// <summary>The time-out of the whole dial struck.</summary>
    /// <param name="timeout">The time-out.</param>
    /// <param name="stage">What the dial was waiting for.</param>
    /// <param name="inner">What the wait threw.</param>
    public PeerException TimedOut(TimeSpan timeout, string stage, Exception? inner) => new(
        PeerErrorKind.TimedOut,
        $"Dialling {Who} timed out after {timeout.TotalSeconds:0.###} s, while {stage}.",
        inner);

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
            return end.ToException(_peer);
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

    /// <summary>The acceptor picked none of the offered ALPNs.</summary>
    /// <param name="inner">What the TLS stack threw, if anything.</param>
    public PeerException NoCommonAlpn(Exception? inner) => new(
        PeerErrorKind.NoCommonAlpn, $"Peer {_peer.ToShortString()} at {_where} speaks none of the offered ALPNs: {_alpns}.", inner);

    private string Who => $"peer {_peer.ToShortString()} at {_where}";

    private PeerException FromAlert(int alert, Exception exception)
    {
        if (alert == TlsAlert.NoApplicationProtocol)
        {
            return NoCommonAlpn(exception);
        }

        string what = TlsAlert.RefusesCertificate(alert)
            ? "it refused this endpoint's certificate"
            : "it broke off the TLS handshake";
        return new PeerException(
            PeerErrorKind.AuthenticationFailed, $"Dialling {Who} failed: {what} (TLS alert {TlsAlert.Describe(alert)}).", exception);
    }

    private PeerException TurnedAway(Exception exception) => new(
        PeerErrorKind.Refused,
        $"Dialling {Who} failed: the connection was accepted and dropped during the handshake. The peer serves nothing yet (its router has not been started), its admission rules or limits "
        + "turned it away, or something else listens there.",
        exception);

    private static string Innermost(Exception exception) => exception.GetBaseException().Message;
}
