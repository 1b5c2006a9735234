namespace IrohRpc;

/// <summary>One of the paths of a connection, as it is at a moment: <see cref="PeerConnection.Paths"/>.</summary>
public sealed record PeerPath
{
    /// <summary>Where the peer is on this path.</summary>
    public required TransportAddress Address { get; init; }

    /// <summary>Whether the path leads through a relay.</summary>
    public bool IsRelay => Address.Kind == TransportAddressKind.Relay;

    /// <summary>Whether packets take this path now.</summary>
    public required bool IsSelected { get; init; }

    /// <summary>The smoothed round-trip time; null before the first measurement, and where the transport does not tell.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Packets that were taken for lost; some may only have been late.</summary>
    public long PacketsLost { get; init; }

    /// <summary>Bytes that left in datagrams on this path.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes that arrived in datagrams on this path.</summary>
    public long BytesReceived { get; init; }
}
