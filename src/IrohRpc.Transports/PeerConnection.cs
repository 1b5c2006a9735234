using System.Runtime.CompilerServices;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;

namespace IrohRpc;

/// <summary>
/// An authenticated connection between two peers, in either role and on any transport: QUIC's stream model, whole.
/// Either side opens and accepts bidirectional and unidirectional streams, and either closes with a code and a reason.
/// </summary>
/// <remarks>
/// <para>All members are safe to call from several threads at once. Both peers are authenticated and the ALPN is agreed
/// before anybody gets to see the connection.</para>
/// <para>Once the connection has ended, every pending and later operation on it and on its streams throws the
/// <see cref="PeerException"/> that says how; <see cref="Closed"/> says it without throwing. Data that the transport had
/// already received in full when it ended may or may not still be readable.</para>
/// <para>The token of a pending accept or open only ends the wait: nothing is lost, a later call carries on.</para>
/// </remarks>
public abstract class PeerConnection : IAsyncDisposable
{
    /// <summary>The largest application code that a connection or a stream can end with: 2^62-1 (RFC 9000, section 16).</summary>
    public const long MaxErrorCode = (1L << 62) - 1;

    /// <summary>The peer at the other end, as it proved in the handshake.</summary>
    public abstract EndpointId PeerId { get; }

    /// <summary>The ALPN that the two agreed on.</summary>
    public abstract string Alpn { get; }

    /// <summary>Whether this side dialled; false where it accepted.</summary>
    public abstract bool IsDialler { get; }

    /// <summary>The name of the transport: <c>quic</c>, <c>msquic</c>, <c>tls</c>, <c>memory</c> or that of another.</summary>
    public abstract string Transport { get; }

    /// <summary>Where the peer is. At the dialler this is the address that won the race; at the acceptor, where the peer came from.</summary>
    public abstract TransportAddress RemoteAddress { get; }

    /// <summary>The local end of the path.</summary>
    public abstract TransportAddress LocalAddress { get; }

    /// <summary>
    /// Completes when the connection has ended, with how. Never faults and is never cancelled. It completes without
    /// anybody reading or accepting on the connection.
    /// </summary>
    public abstract Task<ConnectionEnd> Closed { get; }

    /// <summary>
    /// Completes when the handshake is over, or the connection has ended. It is complete from the start but where early data is sent or taken
    /// (<see cref="DialRequest.AllowsEarlyData"/>). Until then <see cref="PeerId"/> and <see cref="Alpn"/> are those of an earlier connection, whose key only that peer has: what a dialler sends, only
    /// the peer can read, and what an acceptor reads, only the peer has written, but perhaps not now and not once.
    /// </summary>
    public virtual Task HandshakeCompleted => Task.CompletedTask;

    /// <summary>
    /// At an acceptor: streams are handed out before <see cref="HandshakeCompleted"/>. Who calls this sees to it that what is done about them may be done
    /// twice. Without it streams wait.
    /// </summary>
    public virtual void AcceptEarlyData()
    {
    }

    /// <summary>
    /// How long the peer has owed this side a sign of life: since something was sent that its transport has to answer, and nothing has arrived. Zero where it
    /// owes none. Asking may have a transport ask the peer, so that asking again later tells more.
    /// </summary>
    /// <remarks>A transport that cannot tell always says zero, as this does.</remarks>
    public virtual TimeSpan MeasureSilence() => TimeSpan.Zero;

    /// <summary>
    /// Opens a stream that both sides can write. Waits where the peer's limit on open streams is reached, until it allows
    /// another. The peer does not see the stream before something is written to it, or one of its directions is completed or aborted, or
    /// a later stream of the same sort is seen (RFC 9000, section 3.2: streams come into being in their order).
    /// </summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeerException">The connection has ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public abstract ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>Opens a stream that only this side can write; otherwise as <see cref="OpenBidirectionalStreamAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PeerException">The connection has ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public abstract ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// The next bidirectional stream that the peer opened, in the order in which the peer opened them. Streams that nobody
    /// accepts wait, and count against the limit that this side set.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the stream stays for the next call.</param>
    /// <exception cref="PeerException">The connection has ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public abstract ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>The next unidirectional stream that the peer opened; otherwise as <see cref="AcceptBidirectionalStreamAsync"/>.</summary>
    /// <param name="cancellationToken">Ends the wait; the stream stays for the next call.</param>
    /// <exception cref="PeerException">The connection has ended.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public abstract ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// How many bytes a datagram may have; null where the transport carries none, or the peer takes none. It changes with the path.
    /// </summary>
    public virtual int? MaxDatagramLength => null;

    /// <summary>
    /// Sends a datagram (RFC 9221): at most once, in any order, not at all where it is lost on the way or too many wait to be sent. It is copied, and does not wait.
    /// </summary>
    /// <param name="datagram">The datagram, at most <see cref="MaxDatagramLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The datagram is too long.</exception>
    /// <exception cref="PeerException">
    /// <see cref="PeerErrorKind.TransportUnsupported"/>: the transport carries no datagrams, or the peer takes none. Otherwise the connection has ended.
    /// </exception>
    public virtual void SendDatagram(ReadOnlySpan<byte> datagram) => throw NoDatagrams();

    /// <summary>The next datagram from the peer. Those that nobody takes are kept up to a bound, and the oldest dropped.</summary>
    /// <param name="cancellationToken">Ends the wait; the datagram stays for the next call.</param>
    /// <exception cref="PeerException">
    /// <see cref="PeerErrorKind.TransportUnsupported"/>: the transport carries no datagrams. Otherwise the connection has ended.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public virtual ValueTask<ReadOnlyMemory<byte>> ReceiveDatagramAsync(CancellationToken cancellationToken = default)
        => ValueTask.FromException<ReadOnlyMemory<byte>>(NoDatagrams());

    /// <summary>What the connection knows of its path by now; null where the transport does not tell, which all but <c>quic</c> do not.</summary>
    public virtual PathStatistics? GetPathStatistics() => null;

    /// <summary>
    /// The paths that the connection has now, the selected one first. <c>quic</c> moves from one to another: from a relay to a direct path as soon as one works,
    /// and back when it falls silent. The other transports have one.
    /// </summary>
    public virtual IReadOnlyList<PeerPath> Paths => [new PeerPath { Address = RemoteAddress, IsSelected = true }];

    /// <summary><see cref="Paths"/>, now and whenever another one is selected. The sequence ends with the connection.</summary>
    /// <param name="cancellationToken">Ends the sequence.</param>
    public virtual async IAsyncEnumerable<IReadOnlyList<PeerPath>> WatchPathsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return Paths;
        await Closed.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// A number that changes whenever a stream carries something, either way: whoever looks twice knows whether the connection was idle meanwhile. Null where the
    /// transport does not count. It takes no lock, so that it may be read within one.
    /// </summary>
    internal virtual long? Traffic => null;

    /// <summary>Tells the connection where else its peer may be. A transport that has no use for it does nothing.</summary>
    /// <param name="addresses">Addresses of the peer, the relays that it has among them.</param>
    internal virtual void AddPeerAddresses(IReadOnlyList<TransportAddress> addresses)
    {
    }

    /// <summary>The machine's network has changed. A transport whose connections outlive that looks after its paths; others do nothing.</summary>
    /// <param name="addresses">The addresses that the machine has now.</param>
    internal virtual void HandleNetworkChanged(IReadOnlySet<System.Net.IPAddress> addresses)
    {
    }

    /// <summary>
    /// Closes the connection now, for both sides. Streams end at once, in both directions; what the peer had not read
    /// may be lost, so that protocols that care say goodbye on a stream first. The first close counts; later ones, and one
    /// after the peer's, only wait for the end.
    /// </summary>
    /// <param name="errorCode">The application's code, 0 to <see cref="MaxErrorCode"/>; zero means no error by custom.</param>
    /// <param name="reason">For people, at most 1,024 bytes of UTF-8; what is longer is cut.</param>
    /// <param name="cancellationToken">
    /// Ends the wait for the peer to hear of it, not the closing. The wait is bounded without it too.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="errorCode"/> is out of range; nothing is closed.</exception>
    /// <exception cref="OperationCanceledException">
    /// <paramref name="cancellationToken"/> ended the wait. The connection is closed all the same, also where the token was cancelled before.
    /// </exception>
    public abstract ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default);

    /// <summary>Closes with code zero and no reason if the connection is still open, and releases what it holds. Never throws.</summary>
    public abstract ValueTask DisposeAsync();

    /// <summary>The connection for a log: transport, address, peer and ALPN.</summary>
    public override string ToString()
    {
        string where = RemoteAddress.Describe();
        return where.StartsWith(Transport, StringComparison.Ordinal)
            ? $"{where} {PeerId.ToShortString()} {Alpn}"
            : $"{Transport} {where} {PeerId.ToShortString()} {Alpn}";
    }

    private PeerException NoDatagrams()
        => new(PeerErrorKind.TransportUnsupported, $"The transport \"{Transport}\" carries no datagrams.");
}
