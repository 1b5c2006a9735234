using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>A datagram under way.</summary>
internal sealed record SimulatedDatagram(UdpAddress From, UdpAddress To, byte[] Bytes, EcnCodepoint Ecn);
