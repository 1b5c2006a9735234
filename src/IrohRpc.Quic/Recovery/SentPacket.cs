namespace IrohRpc.Quic.Recovery;

/// <summary>What is remembered of a packet that was sent.</summary>
internal struct SentPacket
{
    /// <summary>No frames, or no acknowledgement in the packet.</summary>
    public const int None = -1;

    /// <summary>The packet number.</summary>
    public long PacketNumber;

    /// <summary>When it was sent.</summary>
    public TimeSpan TimeSent;

    /// <summary>The largest number that an ACK frame in it reported, or -1: for <see cref="ReceivedPackets.OnAckAcknowledged"/>.</summary>
    public long LargestAcknowledged;

    /// <summary>How many bytes of the datagram it took.</summary>
    public int Size;

    /// <summary>The owner's record of the frames in it, or -1. Recovery only hands it back.</summary>
    public int Frames;

    /// <summary>The owner's number of the path that it took.</summary>
    public int Path;

    /// <summary>What it was like.</summary>
    public SentPacketFlags Flags;

    /// <summary>Whether the peer has to acknowledge it.</summary>
    public readonly bool IsAckEliciting => (Flags & SentPacketFlags.AckEliciting) != 0;

    /// <summary>Whether it counts as bytes in flight: it elicits an acknowledgement or has padding.</summary>
    public readonly bool IsInFlight => (Flags & SentPacketFlags.InFlight) != 0;

    /// <summary>Whether it probes for a larger path MTU, so that its loss says nothing about congestion.</summary>
    public readonly bool IsMtuProbe => (Flags & SentPacketFlags.MtuProbe) != 0;

    /// <summary>Whether its datagram was marked ECT(0).</summary>
    public readonly bool IsEct0 => (Flags & SentPacketFlags.Ect0) != 0;
}
