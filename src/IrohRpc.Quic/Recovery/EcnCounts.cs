namespace IrohRpc.Quic.Recovery;

/// <summary>How many packets arrived with each mark, as an ACK frame reports it (RFC 9000, section 19.3.2).</summary>
internal readonly record struct EcnCounts(long Ect0, long Ect1, long CongestionExperienced);
