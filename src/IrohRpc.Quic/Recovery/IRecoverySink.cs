namespace IrohRpc.Quic.Recovery;

/// <summary>Learns what became of packets. Calls come from inside the calls to <see cref="LossRecovery"/>, which must not be called back from them.</summary>
internal interface IRecoverySink
{
    /// <summary>A packet was acknowledged for the first time. The round-trip time has taken in the acknowledgement already.</summary>
    void OnAcknowledged(PacketSpace space, in SentPacket packet);

    /// <summary>A packet is taken for lost: what it carried must be sent again if it still matters.</summary>
    void OnLost(PacketSpace space, in SentPacket packet);

    /// <summary>A packet that was taken for lost was acknowledged after all. It has no frames: they were given back with <see cref="OnLost"/>.</summary>
    void OnSpuriouslyLost(PacketSpace space, in SentPacket packet);

    /// <summary>A packet does not matter any more, because its space is gone or nobody will acknowledge it.</summary>
    void OnDiscarded(PacketSpace space, in SentPacket packet);

    /// <summary>What an ACK frame or a time-out meant as a whole, after the packets one by one.</summary>
    void OnOutcome(in RecoveryOutcome outcome);
}
