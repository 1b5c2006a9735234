using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

/// <summary>A packet of the datagram that is being written: it is sealed once it is known that nothing more is added to it.</summary>
internal struct PacketInProgress
{
    public PacketType Type;
    public PacketSpace Space;

    /// <summary>Where in the datagram it starts.</summary>
    public int Start;

    /// <summary>Where in the packet its number starts.</summary>
    public int PacketNumberOffset;

    public int PacketNumberLength;
    public long PacketNumber;

    /// <summary>How many bytes of frames it has.</summary>
    public int PayloadLength;

    /// <summary>Its list in <see cref="Multiplexing.Streams.SentFrames"/>.</summary>
    public int Frames;

    public long LargestAcknowledged;
    public SentPacketFlags Flags;

    /// <summary>Whether its datagram has to be of full size.</summary>
    public bool MustPad;

    /// <summary>Where in the packet its frames start.</summary>
    public readonly int PayloadOffset => PacketNumberOffset + PacketNumberLength;

    /// <summary>How many bytes it takes, its tag included.</summary>
    public readonly int Length => PayloadOffset + PayloadLength + Cryptography.CipherSuite.TagLength;
}
