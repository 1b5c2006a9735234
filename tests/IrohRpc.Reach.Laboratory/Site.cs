namespace IrohRpc.Reach.Laboratory;

/// <summary>What stands between a host and the others.</summary>
internal enum Site
{
    /// <summary>Nothing: the host has an address that all others reach.</summary>
    Open,

    /// <summary>A NAT that keeps the port of a host for all destinations, and lets in only who was sent to.</summary>
    Nat,

    /// <summary>A NAT that keeps the port of a host, and lets in everybody who knows it.</summary>
    OpenNat,

    /// <summary>A NAT that takes another port for each destination.</summary>
    SymmetricNat,

    /// <summary>A NAT that takes another port for each destination, in a router that maps ports for whoever asks (miniupnpd).</summary>
    MappingNat,

    /// <summary>Two NATs, one behind the other.</summary>
    DoubleNat,

    /// <summary>No UDP at all.</summary>
    UdpBlocked,

    /// <summary>A link that carries packets of 1,280 bytes.</summary>
    SmallMtu,

    /// <summary>A link that loses two packets of a hundred.</summary>
    Lossy,

    /// <summary>An IPv6 address beside the IPv4 one, which the others have not.</summary>
    WithIpv6,
}
