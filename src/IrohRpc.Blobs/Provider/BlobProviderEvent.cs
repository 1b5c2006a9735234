namespace IrohRpc.Blobs;

/// <summary>What happened at a provider.</summary>
/// <param name="Peer">The peer that it happened with.</param>
public abstract record BlobProviderEvent(EndpointId Peer)
{
    /// <summary>A peer connected.</summary>
    public sealed record Connected(EndpointId Peer) : BlobProviderEvent(Peer);

    /// <summary>A peer's connection ended.</summary>
    public sealed record Disconnected(EndpointId Peer) : BlobProviderEvent(Peer);

    /// <summary>A request was read and is permitted.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="RequestId">Which request, counted by the provider.</param>
    /// <param name="Kind">What is asked for.</param>
    /// <param name="Hash">The blob; the first one of a GetMany.</param>
    public sealed record Started(EndpointId Peer, long RequestId, BlobRequestKind Kind, BlobHash Hash) : BlobProviderEvent(Peer);

    /// <summary>A blob of a request was sent, or taken in, as far as it was asked for.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="RequestId">Which request.</param>
    /// <param name="Hash">The blob.</param>
    /// <param name="Bytes">How many bytes of the request were on the wire until then.</param>
    public sealed record Transferred(EndpointId Peer, long RequestId, BlobHash Hash, long Bytes) : BlobProviderEvent(Peer);

    /// <summary>A request was answered in full.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="RequestId">Which request.</param>
    /// <param name="Bytes">How many bytes it took.</param>
    /// <param name="Duration">How long it took.</param>
    public sealed record Completed(EndpointId Peer, long RequestId, long Bytes, TimeSpan Duration) : BlobProviderEvent(Peer);

    /// <summary>A request was not answered, or not in full.</summary>
    /// <param name="Peer">The peer.</param>
    /// <param name="RequestId">Which request.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Aborted(EndpointId Peer, long RequestId, Exception Reason) : BlobProviderEvent(Peer);
}
