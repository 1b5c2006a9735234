using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Endpoints;

/// <summary>Decides about connections that come in. Called on the endpoint's thread, which must not be held up.</summary>
internal interface IConnectionAcceptor
{
    /// <summary>A client wants in whose address was checked as far as the load demands.</summary>
    /// <param name="remote">Where it comes from.</param>
    /// <returns>Whoever takes the connection over; null to refuse it.</returns>
    IIncomingConnection? TryAccept(UdpAddress remote);
}
