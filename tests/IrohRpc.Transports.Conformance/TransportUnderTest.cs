using System.Net;

namespace IrohRpc.Transports.Conformance;

/// <summary>
/// What the suite has to know of a transport, and what it cannot do without its help: breaking the path, keeping silent. One for each test.
/// </summary>
public abstract class TransportUnderTest : IAsyncDisposable
{
    /// <summary>The transport.</summary>
    public abstract ITransport Transport { get; }

    /// <summary>Whether all time-outs follow <see cref="TransportSettings.TimeProvider"/>, so that a fake clock can stand in.</summary>
    public abstract bool FollowsTimeProvider { get; }

    /// <summary>Whether a dial of a port where nobody listens says so, rather than running into the handshake time-out.</summary>
    public virtual bool NoticesDeadPorts => true;

    /// <summary>Whether <see cref="PeerConnection.MeasureSilence"/> tells anything.</summary>
    public virtual bool TellsSilence => false;

    /// <summary>Whether <see cref="PeerStream.Priority"/> does something, and streams of one priority share the link evenly.</summary>
    public virtual bool HasPriorities => false;

    /// <summary>Whether two listeners can get into each other's way at one local end point.</summary>
    public virtual bool HasPorts => true;

    /// <summary>
    /// How many bytes beyond the receive window a writer may get rid of while nobody reads: send buffers of the transport and of what is
    /// below it. The suite's writers write a good deal more than that.
    /// </summary>
    public abstract int WriteAheadSlack { get; }

    /// <summary>Where listeners of the suite listen.</summary>
    public virtual IPEndPoint ListenOn => new(IPAddress.Loopback, 0);

    /// <summary>Whether <paramref name="kind"/> is how a dialler may learn here that it was turned away before its handshake.</summary>
    public virtual bool IsRefusal(PeerErrorKind kind) => kind == PeerErrorKind.Refused;

    /// <summary>A path to a listener that the test can break.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="dialler">Who will dial over the path.</param>
    /// <param name="acceptor">Whose the listener is.</param>
    public abstract ValueTask<BreakablePath> MakeBreakablePathAsync(ITransportListener listener, EndpointId dialler, EndpointId acceptor);

    /// <summary>An address at which somebody takes what is sent, and never answers.</summary>
    /// <param name="dialler">Who will dial it.</param>
    /// <param name="acceptor">Who is expected there.</param>
    public abstract ValueTask<TransportAddress> GetSilentAddressAsync(ConformancePeer dialler, ConformancePeer acceptor);

    /// <summary>
    /// Starts a handshake at a listener and never goes on with it. The returned object ends it.
    /// </summary>
    /// <param name="listener">The listener.</param>
    /// <param name="dialler">Who dials.</param>
    /// <param name="acceptor">Whose the listener is.</param>
    /// <returns>Null where the transport's listener spends nothing on such a dialler.</returns>
    public abstract ValueTask<IAsyncDisposable?> StallHandshakeAsync(
        ITransportListener listener, ConformancePeer dialler, ConformancePeer acceptor);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
