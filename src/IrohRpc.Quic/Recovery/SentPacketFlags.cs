namespace IrohRpc.Quic.Recovery;

/// <summary>What a packet that was sent is like.</summary>
[Flags]
internal enum SentPacketFlags : byte
{
    None = 0,

    /// <summary>It has a frame other than ACK, PADDING and CONNECTION_CLOSE.</summary>
    AckEliciting = 1,

    /// <summary>It elicits an acknowledgement or has PADDING.</summary>
    InFlight = 2,

    /// <summary>It probes for a larger path MTU.</summary>
    MtuProbe = 4,

    /// <summary>Its datagram was marked ECT(0).</summary>
    Ect0 = 8,
}
