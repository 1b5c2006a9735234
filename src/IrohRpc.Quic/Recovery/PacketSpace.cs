namespace IrohRpc.Quic.Recovery;

/// <summary>Packet number spaces (RFC 9000, section 12.3). 0-RTT and 1-RTT packets share one.</summary>
internal enum PacketSpace
{
    Initial,
    Handshake,
    Application,
}
