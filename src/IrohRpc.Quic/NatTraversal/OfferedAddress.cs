using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.NatTraversal;

/// <summary>An address of this side that the peer is told.</summary>
internal sealed class OfferedAddress(UdpAddress address, long sequence)
{
    /// <summary>The address.</summary>
    public UdpAddress Address { get; } = address;

    /// <summary>The number that stands for it in frames.</summary>
    public long Sequence { get; } = sequence;

    /// <summary>Whether the frame that tells it is to be sent.</summary>
    public bool MustSend { get; set; }
}
