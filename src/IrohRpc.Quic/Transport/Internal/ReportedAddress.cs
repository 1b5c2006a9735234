using System.Net;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>Where peers say that they see one of the endpoint's sockets.</summary>
/// <param name="EndPoint">The address.</param>
/// <param name="Peers">How many different peers say so.</param>
internal readonly record struct ReportedAddress(IPEndPoint EndPoint, int Peers);
