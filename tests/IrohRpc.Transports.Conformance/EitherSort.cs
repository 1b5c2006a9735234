namespace IrohRpc.Transports.Conformance;

/// <summary>Opening and accepting where a case runs for both sorts of streams.</summary>
public static class EitherSort
{
    public static Task<PeerStream> OpenAsync(this PeerConnection connection, bool bidirectional, CancellationToken cancellationToken)
        => bidirectional
            ? connection.OpenBidirectionalStreamAsync(cancellationToken).AsTask()
            : connection.OpenUnidirectionalStreamAsync(cancellationToken).AsTask();

    public static Task<PeerStream> AcceptAsync(this PeerConnection connection, bool bidirectional, CancellationToken cancellationToken)
        => bidirectional
            ? connection.AcceptBidirectionalStreamAsync(cancellationToken).AsTask()
            : connection.AcceptUnidirectionalStreamAsync(cancellationToken).AsTask();
}
