using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Addresses;

/// <summary>Where the datagrams go that <see cref="QuicConnection.Send"/> wrote.</summary>
/// <param name="Path">The path.</param>
/// <param name="Ecn">The mark that they carry.</param>
/// <param name="SegmentLength">The length of each datagram; the last may be shorter.</param>
internal readonly record struct OutgoingDatagrams(NetworkPath Path, EcnCodepoint Ecn, int SegmentLength);
