namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// How much one side lets the other send before it hears more: the initial_max parameters of RFC 9000, section 18.2. "Local" and
/// "remote" are seen from the side that declares the limits.
/// </summary>
internal sealed record StreamLimits
{
    /// <summary>No credit at all: what holds before the peer's parameters are known.</summary>
    public static StreamLimits None { get; } = new();

    /// <summary>Bytes on all streams together.</summary>
    public long MaxData { get; init; }

    /// <summary>Bytes on each bidirectional stream that the declaring side opens.</summary>
    public long MaxStreamDataBidirectionalLocal { get; init; }

    /// <summary>Bytes on each bidirectional stream that the other side opens.</summary>
    public long MaxStreamDataBidirectionalRemote { get; init; }

    /// <summary>Bytes on each unidirectional stream that the other side opens.</summary>
    public long MaxStreamDataUnidirectional { get; init; }

    /// <summary>Bidirectional streams that the other side may open.</summary>
    public long MaxStreamsBidirectional { get; init; }

    /// <summary>Unidirectional streams that the other side may open.</summary>
    public long MaxStreamsUnidirectional { get; init; }
}
