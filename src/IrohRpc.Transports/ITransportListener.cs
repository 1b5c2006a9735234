namespace IrohRpc.Transports;

/// <summary>A transport's listening end at one local address.</summary>
/// <remarks>
/// Handshakes run concurrently and by themselves, so that a slow one delays nobody. One that fails costs its own connection and a log
/// line at debug level. All members are safe to call from several threads at once. Disposing stops listening and ends handshakes that are
/// under way and connections that nobody has accepted (their diallers see them closed or lost); accepted connections live on.
/// </remarks>
public interface ITransportListener : IAsyncDisposable
{
    /// <summary>
    /// Where this listener is bound, with the port that it got where port zero was asked for. For a wildcard address this is the
    /// wildcard: which addresses of the machine stand for it is the endpoint's to say.
    /// </summary>
    TransportAddress LocalAddress { get; }

    /// <summary>The next connection whose handshake is done. The caller owns it.</summary>
    /// <param name="cancellationToken">Ends the wait; the connection stays for the next call.</param>
    /// <exception cref="ObjectDisposedException">The listener was disposed, before the call or during it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sets which ALPNs later handshakes may agree on, in the acceptor's order of preference. Connections and handshakes under way are
    /// not touched. Adding at the end and removing anywhere refuse no dialler meanwhile.
    /// </summary>
    /// <param name="alpns">The ALPNs, first preferred; empty refuses all.</param>
    /// <param name="cancellationToken">Gives up; the listener then stands at the old or the new list.</param>
    ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken);
}
