namespace IrohRpc.Quic.Connections.NatTraversal;

/// <summary>The frames of NAT traversal.</summary>
internal enum NatTraversalFrameKind
{
    AddAddress,
    ReachOut,
    RemoveAddress,
}
