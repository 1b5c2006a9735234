namespace IrohRpc.Quic.Packets;

/// <summary>The types of packets of QUIC version 1. The first four have the values of the type bits in a long header.</summary>
internal enum PacketType
{
    Initial = 0,
    ZeroRtt = 1,
    Handshake = 2,
    Retry = 3,

    /// <summary>The only one with a short header.</summary>
    OneRtt,

    VersionNegotiation,
}
