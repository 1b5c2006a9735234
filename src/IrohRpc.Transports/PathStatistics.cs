namespace IrohRpc;

/// <summary>What a connection knows of its network path: <see cref="PeerConnection.GetPathStatistics"/>.</summary>
public sealed record PathStatistics
{
    /// <summary>The smoothed round-trip time; null before the first measurement.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>The shortest round-trip time that was measured; null before the first measurement.</summary>
    public TimeSpan? MinRoundTripTime { get; init; }

    /// <summary>How much the round-trip time varies, on average; null before the first measurement.</summary>
    public TimeSpan? RoundTripVariation { get; init; }

    /// <summary>The longest UDP datagram that is sent on the path, in bytes.</summary>
    public int MaxDatagramSize { get; init; }

    /// <summary>How many bytes may be on their way at a time, by congestion control.</summary>
    public long CongestionWindow { get; init; }

    /// <summary>How many bytes are on their way.</summary>
    public long BytesInFlight { get; init; }

    /// <summary>Bytes that left in UDP datagrams.</summary>
    public long BytesSent { get; init; }

    /// <summary>Bytes that arrived in UDP datagrams.</summary>
    public long BytesReceived { get; init; }

    /// <summary>Packets that left.</summary>
    public long PacketsSent { get; init; }

    /// <summary>Packets that arrived.</summary>
    public long PacketsReceived { get; init; }

    /// <summary>Packets that were taken for lost; some may only have been late.</summary>
    public long PacketsLost { get; init; }

    /// <summary>How often the connection went over to another path.</summary>
    public int PathChanges { get; init; }
}
