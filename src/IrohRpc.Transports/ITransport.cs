namespace IrohRpc.Transports;

/// <summary>
/// One way for peers to reach each other. An endpoint holds several and chooses by address; a transport holds no state of
/// an endpoint's, so that one instance can serve many.
/// </summary>
/// <remarks>All members are safe to call from several threads at once.</remarks>
public interface ITransport
{
    /// <summary>The name, in lower case, that connections and logs show: <c>msquic</c>, <c>tls</c>, <c>memory</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Null where the transport works on this machine; otherwise a sentence that says what is missing and what to do about it.
    /// </summary>
    string? UnsupportedReason { get; }

    /// <summary>Whether <paramref name="address"/> is of this transport's kind. It may still lead nowhere.</summary>
    /// <param name="address">An address of a peer.</param>
    bool CanDial(TransportAddress address);

    /// <summary>Connects to a peer, authenticates both sides and agrees on an ALPN.</summary>
    /// <param name="address">An address for which <see cref="CanDial"/> holds.</param>
    /// <param name="request">Whom to expect there and what to offer.</param>
    /// <param name="cancellationToken">Gives up the attempt and releases all it held.</param>
    /// <returns>The connection, which the caller owns.</returns>
    /// <exception cref="PeerException">
    /// <see cref="PeerErrorKind.Unreachable"/>, <see cref="PeerErrorKind.Refused"/>, <see cref="PeerErrorKind.NoCommonAlpn"/>,
    /// <see cref="PeerErrorKind.WrongPeer"/>, <see cref="PeerErrorKind.AuthenticationFailed"/>, <see cref="PeerErrorKind.TimedOut"/>,
    /// <see cref="PeerErrorKind.TransportUnsupported"/> or <see cref="PeerErrorKind.ConnectionLost"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken);

    /// <summary>Starts to listen.</summary>
    /// <param name="request">Where, for which ALPNs, and as whom.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <returns>The listener, which the caller owns.</returns>
    /// <exception cref="PeerException">
    /// <see cref="PeerErrorKind.AddressInUse"/> or <see cref="PeerErrorKind.TransportUnsupported"/>.
    /// </exception>
    ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken);
}
