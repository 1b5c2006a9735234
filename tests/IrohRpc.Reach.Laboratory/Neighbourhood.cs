namespace IrohRpc.Reach.Laboratory;

/// <summary>Two hosts that are behind one NAT.</summary>
internal enum Neighbourhood
{
    /// <summary>They are not: each is at a site of its own.</summary>
    None,

    /// <summary>Both are in the network behind it.</summary>
    SameNetwork,

    /// <summary>Each is behind a NAT of its own again, and the outer NAT leads nothing back that is sent to its outside address from inside.</summary>
    SameNat,

    /// <summary>The same, and the outer NAT leads it back (hairpinning; RFC 4787, section 6).</summary>
    SameHairpinNat,
}
