namespace IrohRpc.Quic.Protection;

/// <summary>Where a packet's parts are after its protection was removed in place.</summary>
/// <param name="PacketNumber">The full packet number.</param>
/// <param name="PayloadOffset">Where in the packet the frames start.</param>
/// <param name="PayloadLength">How many bytes of frames there are.</param>
/// <param name="KeyPhase">How many key updates came before the key of this packet; zero at levels without key updates.</param>
internal readonly record struct OpenedPacket(long PacketNumber, int PayloadOffset, int PayloadLength, int KeyPhase);
