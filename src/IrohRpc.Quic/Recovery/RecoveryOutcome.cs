namespace IrohRpc.Quic.Recovery;

/// <summary>What an ACK frame or a time-out meant as a whole, for the congestion controller of the current path.</summary>
internal struct RecoveryOutcome
{
    /// <summary>The space.</summary>
    public PacketSpace Space;

    /// <summary>The time.</summary>
    public TimeSpan Now;

    /// <summary>How many packets were newly acknowledged.</summary>
    public int AcknowledgedPackets;

    /// <summary>How many of them were marked ECT(0).</summary>
    public int AcknowledgedEct0;

    /// <summary>Whether the frame's largest number is larger than that of any frame before, so that its ECN counts are the latest.</summary>
    public bool IsLargestNew;

    /// <summary>When the largest newly acknowledged packet was sent.</summary>
    public TimeSpan LargestAcknowledgedSentAt;

    /// <summary>The sample of the round-trip time, or null if there was none.</summary>
    public TimeSpan? RttSample;

    /// <summary>How often probes went unanswered in a row.</summary>
    public int ProbeTimeoutCount;

    /// <summary>The peer's ECN counts, or null.</summary>
    public EcnCounts? Ecn;

    /// <summary>Whether a packet was lost that counts as a sign of congestion.</summary>
    public bool HasLoss;

    /// <summary>When the last of those packets was sent.</summary>
    public TimeSpan LatestLossSentAt;

    /// <summary>Whether nothing got through for so long that the congestion window must collapse.</summary>
    public bool IsPersistentCongestion;
}
