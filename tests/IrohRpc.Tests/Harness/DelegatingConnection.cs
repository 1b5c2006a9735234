using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>A connection that is another's, with its streams seen on their way by whoever derives from it.</summary>
internal abstract class DelegatingConnection(PeerConnection inner) : PeerConnection
{
    public override EndpointId PeerId => inner.PeerId;

    public override string Alpn => inner.Alpn;

    public override bool IsDialler => inner.IsDialler;

    public override string Transport => inner.Transport;

    public override TransportAddress RemoteAddress => inner.RemoteAddress;

    public override TransportAddress LocalAddress => inner.LocalAddress;

    public override Task<ConnectionEnd> Closed => inner.Closed;

    public override async ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => Opened(await inner.OpenBidirectionalStreamAsync(cancellationToken));

    public override async ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => Opened(await inner.OpenUnidirectionalStreamAsync(cancellationToken));

    public override async ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => Accepted(await inner.AcceptBidirectionalStreamAsync(cancellationToken));

    public override async ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => Accepted(await inner.AcceptUnidirectionalStreamAsync(cancellationToken));

    public override ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
        => inner.CloseAsync(errorCode, reason, cancellationToken);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    /// <summary>What becomes of a stream that this side opened.</summary>
    protected virtual PeerStream Opened(PeerStream stream) => stream;

    /// <summary>What becomes of a stream that the peer opened.</summary>
    protected virtual PeerStream Accepted(PeerStream stream) => stream;
}
