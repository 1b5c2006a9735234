namespace IrohRpc.Quic.Packets;

/// <summary>
/// The numbers of the extensions that iroh 1.0.2 speaks (noq 1.0.1) and no RFC has: all of them, so that there is one place to change when a draft does.
/// </summary>
internal static class ExtensionNumbers
{
    // Transport parameters.

    /// <summary>initial_max_path_id (draft-ietf-quic-multipath): the highest path id that the peer may use.</summary>
    public const long InitialMaxPathId = 0x3e;

    /// <summary>n0's NAT traversal: how many addresses this side takes from the peer, one raw byte.</summary>
    public const long NatTraversal = 0x3d7f91120401;

    /// <summary>Address discovery (draft-seemann-quic-address-discovery): 0 reports addresses, 1 wants reports, 2 both.</summary>
    public const long AddressDiscovery = 0x9f81a176;

    // Frames of multipath.
    public const long PathAck = 0x3e;
    public const long PathAckEcn = 0x3f;
    public const long PathAbandon = 0x3e75;
    public const long PathStatusBackup = 0x3e76;
    public const long PathStatusAvailable = 0x3e77;
    public const long PathNewConnectionId = 0x3e78;
    public const long PathRetireConnectionId = 0x3e79;
    public const long MaxPathId = 0x3e7a;
    public const long PathsBlocked = 0x3e7b;
    public const long PathCidsBlocked = 0x3e7c;

    // Frames of NAT traversal.
    public const long AddAddressIPv4 = 0x3d7f90;
    public const long AddAddressIPv6 = 0x3d7f91;
    public const long ReachOutIPv4 = 0x3d7f92;
    public const long ReachOutIPv6 = 0x3d7f93;
    public const long RemoveAddress = 0x3d7f94;

    // Frames of address discovery.
    public const long ObservedAddressIPv4 = 0x9f81a6;
    public const long ObservedAddressIPv6 = 0x9f81a7;

    // Why a path is abandoned.
    public const long AbandonedByApplication = 0x3e;
    public const long AbandonedForResources = 0x3e75;
    public const long AbandonedAsUnstable = 0x3e76;
    public const long AbandonedWithoutConnectionId = 0x3e77;
}
