namespace IrohRpc.Tests.Support;

/// <summary>A connection without streams, which remembers how it ended.</summary>
internal sealed class ScriptedConnection(string transport, EndpointId peer, string alpn, TransportAddress remote) : PeerConnection
{
    private readonly TaskCompletionSource<ConnectionEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override EndpointId PeerId => peer;

    public override string Alpn => alpn;

    public override bool IsDialler => true;

    public override string Transport => transport;

    public override TransportAddress RemoteAddress => remote;

    public override TransportAddress LocalAddress => remote;

    public override Task<ConnectionEnd> Closed => _closed.Task;

    public bool IsDisposed { get; private set; }

    public void End(ConnectionEnd end) => _closed.TrySetResult(end);

    public override ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
    {
        End(new(PeerErrorKind.ClosedLocally, errorCode, reason));
        return ValueTask.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return CloseAsync(0);
    }

    public override ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public override ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public override ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => throw new NotSupportedException();

    public override ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => throw new NotSupportedException();
}
