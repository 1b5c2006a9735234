namespace IrohRpc.Transports;

/// <summary>Decides whether a handshake may start, before anything is spent on it.</summary>
public interface IHandshakeAdmission
{
    /// <summary>
    /// Called for each incoming connection before its handshake, on the thread that accepts: quick, and never blocking. A listener that
    /// is told no drops the connection as cheaply as its transport can. One whose first message already fails, for want of a common ALPN, may
    /// not be asked about.
    /// </summary>
    /// <param name="remoteAddress">Where the connection comes from.</param>
    /// <returns>
    /// A lease that the listener disposes exactly once, when the handshake has failed or its connection has ended, whichever comes last;
    /// or null to refuse.
    /// </returns>
    IHandshakeLease? TryAdmit(TransportAddress remoteAddress);
}
