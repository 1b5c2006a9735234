namespace IrohRpc.Quic.Recovery;

/// <summary>The ECN field of an IP header (RFC 3168, section 5).</summary>
internal enum EcnCodepoint : byte
{
    NotEct = 0,
    Ect1 = 1,
    Ect0 = 2,
    CongestionExperienced = 3,
}
