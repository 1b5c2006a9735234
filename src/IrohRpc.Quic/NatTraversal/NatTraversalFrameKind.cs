namespace IrohRpc.Quic.NatTraversal;

/// <summary>The frames of NAT traversal.</summary>
internal enum NatTraversalFrameKind
{
    AddAddress,
    ReachOut,
    RemoveAddress,
}
