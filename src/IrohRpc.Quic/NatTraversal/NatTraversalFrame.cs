using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.NatTraversal;

/// <summary>A frame of NAT traversal that is to be sent.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Number">The sequence number of the address, or of REACH_OUT the round.</param>
/// <param name="Address">The address; none in REMOVE_ADDRESS.</param>
internal readonly record struct NatTraversalFrame(NatTraversalFrameKind Kind, long Number, UdpAddress Address)
{
    /// <summary>Of REACH_OUT, the number of the address on this side.</summary>
    public long LocalSequence { get; init; }
}
