namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>The ECN mark of a relayed datagram, in the relay protocol's own numbers.</summary>
internal enum RelayEcn : byte
{
    None = 0,
    Ect1 = 1,
    Ect0 = 2,
    CongestionExperienced = 3,
}
