namespace IrohRpc.Transports.Internal;

/// <summary>Says what went wrong with a dial: the kind for programs, the sentence for people. What the transports have in common.</summary>
/// <param name="where">The address, as in <c>tls 127.0.0.1:4433</c>.</param>
/// <param name="peer">Who was dialled.</param>
/// <param name="alpns">What was offered.</param>
internal abstract class DialAttemptFailure(string where, EndpointId peer, AlpnList alpns)
{
    /// <summary>Who was dialled, and where.</summary>
    protected string Who => $"peer {peer.ToShortString()} at {where}";

    /// <summary>What else may keep a dial from being answered; empty for nothing.</summary>
    protected virtual string TimeoutHint => string.Empty;

    /// <summary>The time-out of the whole dial struck.</summary>
    /// <param name="timeout">The time-out.</param>
    /// <param name="stage">What the dial was waiting for.</param>
    /// <param name="inner">What the wait threw.</param>
    public PeerException TimedOut(TimeSpan timeout, string stage, Exception? inner)
        => new(PeerErrorKind.TimedOut, $"Dialling {Who} timed out after {timeout.TotalSeconds:0.###} s, while {stage}.{TimeoutHint}", inner);

    /// <summary>The acceptor picked none of the offered ALPNs.</summary>
    /// <param name="inner">What the TLS stack threw, if anything.</param>
    public PeerException NoCommonAlpn(Exception? inner) => new(
        PeerErrorKind.NoCommonAlpn, $"Peer {peer.ToShortString()} at {where} speaks none of the offered ALPNs: {alpns}.", inner);

    /// <summary>The peer broke off the TLS handshake.</summary>
    protected PeerException FromAlert(int alert, Exception? inner)
    {
        if (alert == TlsAlert.NoApplicationProtocol)
        {
            return NoCommonAlpn(inner);
        }

        string what = TlsAlert.RefusesCertificate(alert) ? "it refused this endpoint's certificate" : "it broke off the TLS handshake";
        return new PeerException(
            PeerErrorKind.AuthenticationFailed, $"Dialling {Who} failed: {what} (TLS alert {TlsAlert.Describe(alert)}).", inner);
    }

    /// <summary>The peer ended a connection that stood.</summary>
    protected PeerException FromEnd(ConnectionEnd end) => end.ToException(peer);
}
