namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>The ECN mark of a relayed datagram, in the numbers of the relay protocol, which are those of the IP header (RFC 3168, section 5).</summary>
internal enum RelayEcn : byte
{
    None = 0,
    Ect1 = 1,
    Ect0 = 2,
    CongestionExperienced = 3,
}
