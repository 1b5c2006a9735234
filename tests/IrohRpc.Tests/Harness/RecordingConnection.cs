using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Keeps what goes over the streams that this side opens, in the order of their opening.</summary>
internal sealed class RecordingConnection(PeerConnection inner) : PeerConnection
{
    public List<RecordingStream> Streams { get; } = [];

    public override EndpointId PeerId => inner.PeerId;

    public override string Alpn => inner.Alpn;

    public override bool IsDialler => inner.IsDialler;

    public override string Transport => inner.Transport;

    public override TransportAddress RemoteAddress => inner.RemoteAddress;

    public override TransportAddress LocalAddress => inner.LocalAddress;

    public override Task<ConnectionEnd> Closed => inner.Closed;

    public override async ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => Record(await inner.OpenBidirectionalStreamAsync(cancellationToken));

    public override async ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => Record(await inner.OpenUnidirectionalStreamAsync(cancellationToken));

    public override ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => inner.AcceptBidirectionalStreamAsync(cancellationToken);

    public override ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => inner.AcceptUnidirectionalStreamAsync(cancellationToken);

    public override ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
        => inner.CloseAsync(errorCode, reason, cancellationToken);

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    private RecordingStream Record(PeerStream stream)
    {
        var recording = new RecordingStream(stream);
        lock (Streams)
        {
            Streams.Add(recording);
        }

        return recording;
    }
}
