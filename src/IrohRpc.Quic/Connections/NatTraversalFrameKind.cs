namespace IrohRpc.Quic.Connections;

/// <summary>The frames of NAT traversal.</summary>
internal enum NatTraversalFrameKind
{
    AddAddress,
    ReachOut,
    RemoveAddress,
}
